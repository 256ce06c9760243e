# IRISLINK_SANITIZE applies to everything in the build, so that no part is blind to another's memory.
if(IRISLINK_SANITIZE STREQUAL "address+undefined")
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
elseif(IRISLINK_SANITIZE STREQUAL "thread")
    add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
    # Asio has fences, which the sanitizer ignores and g++ warns of.
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
    add_link_options(-fsanitize=thread)
elseif(IRISLINK_SANITIZE)
    message(FATAL_ERROR "IRISLINK_SANITIZE must be address+undefined or thread")
endif()
if(IRISLINK_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
    add_link_options(-fsanitize=address,undefined)
endif()

# irislink_sanitizer_options(TARGET): for programs that load modules; see sanitizer_options.cpp.
function(irislink_sanitizer_options target)
    if(IRISLINK_SANITIZE MATCHES "address")
        target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/sanitizer_options.cpp)
    endif()
endfunction()
