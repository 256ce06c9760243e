# irislink_warnings(target): the warnings of the project, as errors.
function(irislink_warnings target)
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Werror)
endfunction()
