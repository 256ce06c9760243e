# Precompiled headers, for the presets that build the tests too (dev, sanitizers): most of a file's compile time
# here is the reading of GoogleTest, Asio and the standard library. `release` and `fuzz` build without, so that a
# file which lacks an include of its own is still found out.
option(IRISLINK_PRECOMPILE "Use precompiled headers" OFF)

set(irislink_standard_headers
    <algorithm> <array> <chrono> <cstdint> <filesystem> <fstream> <functional> <map> <memory> <mutex> <optional>
    <stdexcept> <string> <string_view> <thread> <vector>)
set(irislink_asio_headers
    <boost/asio/awaitable.hpp> <boost/asio/buffer.hpp> <boost/asio/io_context.hpp> <boost/asio/ip/tcp.hpp>
    <boost/asio/post.hpp> <boost/asio/use_awaitable.hpp> <boost/asio/write.hpp>)

# irislink_unity(TARGET source...): with precompiled headers, eight files are compiled as one: the coroutines' and
# pybind11's templates are then instantiated once for them. The files named stay alone.
function(irislink_unity target)
    if(IRISLINK_PRECOMPILE)
        set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
        set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
        # Types of anonymous namespaces are suspicious outside the main file alone, which none is now.
        target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
    endif()
endfunction()

# irislink_precompile(TARGET header...): a precompiled header of the target's own.
function(irislink_precompile target)
    if(IRISLINK_PRECOMPILE)
        target_precompile_headers(${target} PRIVATE ${irislink_standard_headers} ${ARGN})
    endif()
endfunction()

# irislink_precompile_test(TARGET): the header that all GoogleTest executables share.
function(irislink_precompile_test target)
    if(NOT IRISLINK_PRECOMPILE)
        return()
    endif()
    if(NOT TARGET irislink_test_precompiled)
        file(WRITE ${PROJECT_BINARY_DIR}/test_precompiled.cpp "int main() {}\n")
        add_executable(irislink_test_precompiled EXCLUDE_FROM_ALL ${PROJECT_BINARY_DIR}/test_precompiled.cpp)
        target_link_libraries(irislink_test_precompiled PRIVATE GTest::gtest GTest::gmock)
        # As every test is compiled: a precompiled header is only taken where the options agree.
        target_compile_options(irislink_test_precompiled PRIVATE -Wall -Wextra ${irislink_test_options})
        target_precompile_headers(irislink_test_precompiled PRIVATE
            ${irislink_standard_headers} <gtest/gtest.h> <gmock/gmock.h>)
    endif()
    target_precompile_headers(${target} REUSE_FROM irislink_test_precompiled)
endfunction()
