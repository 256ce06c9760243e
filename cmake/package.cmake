# What `cmake --install` puts where, and the package that find_package(irislink) finds.
include(CMakePackageConfigHelpers)
set(IRISLINK_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/irislink)

# irislink_install_library(target name): as irislink::name for users of the package.
function(irislink_install_library target name)
    set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
    install(TARGETS ${target} EXPORT irislink_targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endfunction()

install(EXPORT irislink_targets NAMESPACE irislink:: DESTINATION ${IRISLINK_PACKAGE_DIR})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/irislinkConfig.cmake.in ${PROJECT_BINARY_DIR}/irislinkConfig.cmake
    INSTALL_DESTINATION ${IRISLINK_PACKAGE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/irislinkConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/irislinkConfig.cmake ${PROJECT_BINARY_DIR}/irislinkConfigVersion.cmake DESTINATION ${IRISLINK_PACKAGE_DIR})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The ODBC driver by itself: where it goes, how it is registered, and the Debian packages `irislink-odbc` and `irislink-iodbc`
# (cpack -G DEB).
# A driver is no library of the prefix: distributions keep drivers in a folder of the machine's architecture.
if(CMAKE_LIBRARY_ARCHITECTURE)
    set(IRISLINK_ODBC_DIR lib/${CMAKE_LIBRARY_ARCHITECTURE}/odbc)
else()
    set(IRISLINK_ODBC_DIR ${CMAKE_INSTALL_LIBDIR}/odbc)
endif()
set(IRISLINK_ODBC_COMPONENT odbc)

# irislink_install_odbc_registration(file): the template for `odbcinst -i -d -f`, with the prefix that is known only now.
function(irislink_install_odbc_registration file)
    install(CODE "
        set(IRISLINK_ODBC_FOLDER \"\${CMAKE_INSTALL_PREFIX}/${IRISLINK_ODBC_DIR}\")
        set(template \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATAROOTDIR}/irislink/${file}\")
        configure_file(\"${PROJECT_SOURCE_DIR}/cmake/packaging/${file}.in\" \"\$ENV{DESTDIR}\${template}\" @ONLY)
        message(STATUS \"To register the ODBC driver: odbcinst -i -d -f \${template}\")"
        COMPONENT ${IRISLINK_ODBC_COMPONENT})
endfunction()

# A wheel has none of what follows.
if(SKBUILD)
    return()
endif()

# irislink_install_compressed(file name destination component): as Debian wants pages and changelogs.
function(irislink_install_compressed file name destination component)
    find_program(GZIP_PROGRAM gzip)
    if(GZIP_PROGRAM)
        set(folder ${PROJECT_BINARY_DIR}/package/${component})
        execute_process(COMMAND ${GZIP_PROGRAM} -9nc ${file} OUTPUT_FILE ${folder}/${name} COMMAND_ERROR_IS_FATAL ANY)
        install(FILES ${folder}/${name} DESTINATION ${destination} COMPONENT ${component})
    endif()
endfunction()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME irislink)
set(CPACK_PACKAGE_VENDOR "irislink contributors")
set(CPACK_PACKAGE_CONTACT "irislink contributors <irislink@irislink.invalid>")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
# With DESTDIR the prefix is that of the machine it will be installed on, which the template names.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "ODBC driver for InterSystems IRIS")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
string(TIMESTAMP irislink_date "%a, %d %b %Y %H:%M:%S +0000" UTC)

# irislink_odbc_package(component section template description): the Debian package irislink-COMPONENT, which registers
# its driver as SECTION.
macro(irislink_odbc_package component section template description)
    string(TOUPPER ${component} upper)
    list(APPEND CPACK_COMPONENTS_ALL ${component})
    set(CPACK_DEBIAN_${upper}_PACKAGE_NAME irislink-${component})
    set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION database)
    set(CPACK_DEBIAN_${upper}_PACKAGE_SHLIBDEPS ON)
    set(CPACK_DEBIAN_${upper}_PACKAGE_DEPENDS odbcinst)
    set(CPACK_COMPONENT_${upper}_DESCRIPTION "${description}
Logins by password, two-factor, access token, TLS and Kerberos.")
    set(irislink_folder ${PROJECT_BINARY_DIR}/package/${component})
    set(IRISLINK_SECTION ${section})
    set(IRISLINK_TEMPLATE ${template})
    foreach(script postinst prerm)
        configure_file(${PROJECT_SOURCE_DIR}/cmake/packaging/deb/${script}.in ${irislink_folder}/${script} @ONLY)
        list(APPEND CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA ${irislink_folder}/${script})
    endforeach()
    set(irislink_doc ${CMAKE_INSTALL_DATAROOTDIR}/doc/irislink-${component})
    install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${irislink_doc} RENAME copyright COMPONENT ${component})
    file(WRITE ${irislink_folder}/changelog.Debian
        "irislink-${component} (${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium\n\n  * What is new is in changelog.gz.\n\n -- ${CPACK_PACKAGE_CONTACT}  ${irislink_date}\n")
    irislink_install_compressed(${irislink_folder}/changelog.Debian changelog.Debian.gz ${irislink_doc} ${component})
    irislink_install_compressed(${PROJECT_SOURCE_DIR}/CHANGELOG.md changelog.gz ${irislink_doc} ${component})
endmacro()

irislink_odbc_package(odbc irislink odbcinst.ini "A driver for unixODBC, its setup library, and the command-line tool irislink.")
irislink_install_compressed(${PROJECT_SOURCE_DIR}/cmake/packaging/irislink.1 irislink.1.gz ${CMAKE_INSTALL_MANDIR}/man1 odbc)
# Whether odbc/ builds it.
find_library(IODBCINST_LIBRARY NAMES iodbcinst libiodbcinst.so.2)
if(IODBCINST_LIBRARY)
    irislink_odbc_package(iodbc irislink-iodbc odbcinst-iodbc.ini "A driver for iODBC, beside the one for unixODBC of the package irislink-odbc.")
endif()
include(CPack)
