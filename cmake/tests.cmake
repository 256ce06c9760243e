# What is under test keeps the preset's optimisation; the cases themselves, optimised, took half of a build's time
# for nothing.
set(irislink_test_options "")
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
    set(irislink_test_options -O0)
endif()

# irislink_add_test(NAME x SOURCES ... LIBS ... LABEL unit [TIMEOUT s] [WHOLE])
# One GoogleTest executable whose cases CTest runs one by one; with WHOLE all in one process, for cases that
# share a world that takes long to make.
function(irislink_add_test)
    cmake_parse_arguments(ARG "WHOLE" "NAME;LABEL;TIMEOUT" "SOURCES;LIBS" ${ARGN})
    find_package(GTest REQUIRED)
    include(GoogleTest)
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 60)
    endif()
    add_executable(${ARG_NAME} ${ARG_SOURCES})
    target_include_directories(${ARG_NAME} PRIVATE ${PROJECT_SOURCE_DIR})
    target_compile_definitions(${ARG_NAME} PRIVATE
        IRISLINK_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
        IRISLINK_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
    target_link_libraries(${ARG_NAME} PRIVATE ${ARG_LIBS} GTest::gtest GTest::gmock GTest::gtest_main)
    target_compile_options(${ARG_NAME} PRIVATE -Wall -Wextra ${irislink_test_options})
    irislink_precompile_test(${ARG_NAME})
    irislink_sanitizer_options(${ARG_NAME})
    if(ARG_WHOLE)
        add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME} --gtest_brief=1)
        set_tests_properties(${ARG_NAME} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
        return()
    endif()
    gtest_discover_tests(${ARG_NAME}
        DISCOVERY_TIMEOUT 60
        PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
endfunction()
