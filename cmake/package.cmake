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

# The ODBC driver by itself: where it goes, how it is registered, and the Debian package `irislink-odbc` (cpack -G DEB).
# A driver is no library of the prefix: distributions keep drivers in a folder of the machine's architecture.
if(CMAKE_LIBRARY_ARCHITECTURE)
    set(IRISLINK_ODBC_DIR lib/${CMAKE_LIBRARY_ARCHITECTURE}/odbc)
else()
    set(IRISLINK_ODBC_DIR ${CMAKE_INSTALL_LIBDIR}/odbc)
endif()
set(IRISLINK_ODBC_COMPONENT odbc)

# The template for `odbcinst -i -d -f`, with the prefix that is known only now.
function(irislink_install_odbc_registration)
    install(CODE "
        set(IRISLINK_ODBC_FOLDER \"\${CMAKE_INSTALL_PREFIX}/${IRISLINK_ODBC_DIR}\")
        set(template \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATAROOTDIR}/irislink/odbcinst.ini\")
        configure_file(\"${PROJECT_SOURCE_DIR}/cmake/packaging/odbcinst.ini.in\" \"\$ENV{DESTDIR}\${template}\" @ONLY)
        message(STATUS \"To register the ODBC driver: odbcinst -i -d -f \${template}\")"
        COMPONENT ${IRISLINK_ODBC_COMPONENT})
endfunction()

# A wheel has none of what follows.
if(SKBUILD)
    return()
endif()

# irislink_install_compressed(file name destination): as Debian wants pages and changelogs.
function(irislink_install_compressed file name destination)
    find_program(GZIP_PROGRAM gzip)
    if(GZIP_PROGRAM)
        execute_process(COMMAND ${GZIP_PROGRAM} -9nc ${file} OUTPUT_FILE ${PROJECT_BINARY_DIR}/package/${name} COMMAND_ERROR_IS_FATAL ANY)
        install(FILES ${PROJECT_BINARY_DIR}/package/${name} DESTINATION ${destination} COMPONENT ${IRISLINK_ODBC_COMPONENT})
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
set(CPACK_COMPONENTS_ALL ${IRISLINK_ODBC_COMPONENT})
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_ODBC_PACKAGE_NAME irislink-odbc)
set(CPACK_DEBIAN_ODBC_PACKAGE_SECTION database)
set(CPACK_DEBIAN_ODBC_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_ODBC_PACKAGE_DEPENDS odbcinst)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "ODBC driver for InterSystems IRIS")
set(CPACK_COMPONENT_ODBC_DESCRIPTION "A driver for unixODBC, its setup library, and the command-line tool irislink.
Logins by password, two-factor, access token, TLS and Kerberos.")
set(CPACK_DEBIAN_ODBC_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/cmake/packaging/deb/postinst ${PROJECT_SOURCE_DIR}/cmake/packaging/deb/prerm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(irislink_odbc_doc ${CMAKE_INSTALL_DATAROOTDIR}/doc/irislink-odbc)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${irislink_odbc_doc} RENAME copyright COMPONENT ${IRISLINK_ODBC_COMPONENT})
string(TIMESTAMP irislink_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${PROJECT_BINARY_DIR}/package/changelog.Debian
    "irislink-odbc (${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium\n\n  * What is new is in changelog.gz.\n\n -- ${CPACK_PACKAGE_CONTACT}  ${irislink_date}\n")
irislink_install_compressed(${PROJECT_BINARY_DIR}/package/changelog.Debian changelog.Debian.gz ${irislink_odbc_doc})
irislink_install_compressed(${PROJECT_SOURCE_DIR}/CHANGELOG.md changelog.gz ${irislink_odbc_doc})
irislink_install_compressed(${PROJECT_SOURCE_DIR}/cmake/packaging/irislink.1 irislink.1.gz ${CMAKE_INSTALL_MANDIR}/man1)
include(CPack)
