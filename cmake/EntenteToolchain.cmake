# Standard, warnings, sanitizers, ccache and linker, as one interface target: entente_options.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

# Dev is what the tests run on. It has no flags of its own: assertions stay, and what is not optimised
# is built from nothing in two thirds of the time. (To give it some, set CMAKE_CXX_FLAGS_DEV before
# project(), which caches it as empty.)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Dev CACHE STRING "Dev, Release, RelWithDebInfo or Debug" FORCE)
endif()

find_program(ENTENTE_CCACHE ccache)
if(ENTENTE_CCACHE)
  # Clones of this tree share what they compile; precompiled headers need the sloppiness
  # (https://ccache.dev/manual/4.7.5.html#_precompiled_headers).
  set(CMAKE_CXX_COMPILER_LAUNCHER
      env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros
      ${ENTENTE_CCACHE})
  add_compile_options(-fdebug-prefix-map=${PROJECT_SOURCE_DIR}=.)
endif()
find_program(ENTENTE_MOLD mold)
if(ENTENTE_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

set(ENTENTE_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=")

add_library(entente_options INTERFACE)
target_compile_options(entente_options INTERFACE -Wall -Wextra -Wpedantic -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # What GCC 12 believes of an inlined std::string is wrong: an overlap in "text" + std::string
  # (https://gcc.gnu.org/PR105651) and, where <string> comes from a precompiled header, which hides
  # that it is the system's, copies and reads beyond its end.
  # Only where it optimises; under AddressSanitizer it also takes parts of <regex> for unset.
  set(wrong restrict array-bounds stringop-overflow stringop-overread)
  if(ENTENTE_SANITIZE)
    set(optimised 1)
    list(APPEND wrong maybe-uninitialized)
  else()
    set(optimised $<CONFIG:Release,RelWithDebInfo>)
  endif()
  foreach(warning IN LISTS wrong)
    target_compile_options(entente_options INTERFACE $<${optimised}:-Wno-${warning}>)
  endforeach()
endif()

if(ENTENTE_SANITIZE)
  # Everything, generated code included, has to be built alike. -O1 makes up for some of what the
  # checks cost, and a finding names its line.
  add_compile_options(-fsanitize=${ENTENTE_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all -O1 -g1)
  add_link_options(-fsanitize=${ENTENTE_SANITIZE})
endif()

# Sources that touch protobuf's maps. Its map_field.h gives them two more members under
# ThreadSanitizer, which Debian's library knows nothing of.
function(entente_touches_protobuf_maps)
  if(ENTENTE_SANITIZE MATCHES "thread")
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -fno-sanitize=thread
                                                   SKIP_PRECOMPILE_HEADERS ON)
  endif()
endfunction()
