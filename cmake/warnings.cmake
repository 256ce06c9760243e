# irislink_warnings(target): the warnings of the project, as errors unless the tree is built by a compiler that nobody has
# tried, as wheels are.
option(IRISLINK_WARNINGS_ARE_ERRORS "Warnings of the compiler are errors" ON)
function(irislink_warnings target)
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast $<$<BOOL:${IRISLINK_WARNINGS_ARE_ERRORS}>:-Werror>)
    # Warnings of g++ 12's optimiser that are known to be wrong about std::string concatenation and
    # small arrays (its bugs 105651, 105329, 107852); all other compilers keep them.
    target_compile_options(${target} PRIVATE
        $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict;-Wno-stringop-overflow;-Wno-array-bounds;-Wno-maybe-uninitialized>)
endfunction()
