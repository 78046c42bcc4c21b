# The libraries that phial is built on, as CMake targets: for this project, and for projects that find the installed
# package. They are static, so that one file runs anywhere.
set(Boost_USE_STATIC_LIBS ON)
set(ZLIB_USE_STATIC_LIBS ON)
find_package(Threads REQUIRED)
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS json log)
find_package(ZLIB REQUIRED)

# Libraries that bring no description for CMake.
function(phial_static_library target archive header) # further arguments: what it links
  string(MAKE_C_IDENTIFIER ${archive} name)
  find_library(PHIAL_${name} ${archive} REQUIRED)
  find_path(PHIAL_${name}_INCLUDE ${header} REQUIRED)
  if(NOT TARGET ${target})
    add_library(${target} STATIC IMPORTED GLOBAL)
    set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${PHIAL_${name}}
      INTERFACE_INCLUDE_DIRECTORIES ${PHIAL_${name}_INCLUDE} INTERFACE_LINK_LIBRARIES "${ARGN}")
  endif()
endfunction()
phial_static_library(phial::zstd libzstd.a zstd.h)
phial_static_library(phial::brotlicommon libbrotlicommon.a brotli/types.h)
phial_static_library(phial::brotli libbrotlienc.a brotli/encode.h phial::brotlicommon)
phial_static_library(phial::libelf libelf.a libelf.h phial::zstd ZLIB::ZLIB)
phial_static_library(phial::libdw libdw.a elfutils/libdw.h phial::libelf)
phial_static_library(phial::libcrypt libcrypt.a crypt.h)
phial_static_library(phial::nettle libnettle.a nettle/sha2.h)
