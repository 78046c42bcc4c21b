# Writes the version into a header, which changes only when the version does:
#   cmake -DVERSION=... -DSOURCE=... -DHEADER=... -P version.cmake        (no VERSION: what scripts/version prints)
cmake_minimum_required(VERSION 3.25)
if(NOT VERSION)
  execute_process(COMMAND ${SOURCE}/scripts/version
    OUTPUT_VARIABLE VERSION OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
endif()
file(CONFIGURE OUTPUT ${HEADER} CONTENT "// The version of this build.\n#define PHIAL_VERSION \"@VERSION@\"\n" @ONLY)
