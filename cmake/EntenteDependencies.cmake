# What Debian 12 gives us, as targets named after the library. docs/dependencies.md says what each
# does for us. Nothing is fetched while configuring.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Protobuf 3.21 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(spdlog 1.10 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(tomlplusplus 3.3 REQUIRED)
find_package(tl-expected 1.0 REQUIRED)
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)
pkg_check_modules(zmq REQUIRED IMPORTED_TARGET libzmq>=4.3)
# <zmq.h> includes none of what Debian's lists as needed to include it, and FindPkgConfig gives that
# list in another order the second time it is asked, which would compile everything anew.
set_target_properties(PkgConfig::zmq PROPERTIES INTERFACE_INCLUDE_DIRECTORIES ""
                                                INTERFACE_COMPILE_OPTIONS "")
pkg_check_modules(rocksdb REQUIRED IMPORTED_TARGET rocksdb>=7.8)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)

# Debian's package of the library alone has no name for linkers, and that for developers would bring
# profilers. Sanitizers bring an allocator of their own.
if(NOT ENTENTE_SANITIZE)
  find_library(ENTENTE_TCMALLOC NAMES tcmalloc_minimal libtcmalloc_minimal.so.4 REQUIRED)
endif()

set(ENTENTE_ISO_CODES /usr/share/iso-codes/json CACHE PATH "Where iso-codes keeps its JSON files")
if(NOT EXISTS ${ENTENTE_ISO_CODES}/iso_3166-1.json)
  message(FATAL_ERROR "No iso_3166-1.json in ${ENTENTE_ISO_CODES}: run scripts/setup, or point "
                      "ENTENTE_ISO_CODES at it.")
endif()
