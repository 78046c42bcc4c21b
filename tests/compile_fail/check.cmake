# cmake -DSOURCE=... -DCOMMAND=... -P check.cmake: what the first line of SOURCE expects is what the compiler says.
file(STRINGS ${SOURCE} lines ENCODING UTF-8)
list(GET lines 0 first)
if(NOT first MATCHES "^// expect: (.+)$")
  message(FATAL_ERROR "${SOURCE}: the first line is not '// expect: ...'")
endif()
set(expected "${CMAKE_MATCH_1}")

set(ENV{LC_ALL} C) # the compiler's own messages, as they are written here
execute_process(COMMAND ${COMMAND} -fsyntax-only ${SOURCE} RESULT_VARIABLE result OUTPUT_VARIABLE output
                ERROR_VARIABLE output)
if(expected STREQUAL "compiles")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "this should compile:\n${output}")
  endif()
  return()
endif()
if(result EQUAL 0)
  message(FATAL_ERROR "this compiles, but should not")
endif()
# The sentence is the first thing the user reads.
string(REGEX MATCH "error: [^\n]*" error "${output}")
string(FIND "${error}" "${expected}" at)
if(at EQUAL -1)
  message(FATAL_ERROR "the first error should say\n  ${expected}\nbut the compiler says\n${output}")
endif()
