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
