# The kinds of target. Sources are listed by hand: tests/house finds a file that is not.

# entente_generated(NAME FILES…)
# Files that a command of this folder makes for entente_NAME. Target `entente_generated` makes all
# of them and compiles nothing, for who reads sources only (scripts/lint).
add_custom_target(entente_generated)
function(entente_generated name)
  add_custom_target(entente_${name}_generated DEPENDS ${ARGN})
  add_dependencies(entente_${name} entente_${name}_generated)
  add_dependencies(entente_generated entente_${name}_generated)
endfunction()

# entente_library(NAME SOURCES a.cpp… USES targets… [PRIVATE_USES targets…])
# A folder of lib/ or services/ as a static library `entente_NAME`, included by its path below
# lib/ (as in "values/position.h") or below the root ("services/ingest/config.h").
function(entente_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;PRIVATE_USES" ${ARGN})
  if(NOT arg_SOURCES) # a folder of headers only
    add_library(entente_${name} INTERFACE)
    target_include_directories(entente_${name} INTERFACE ${PROJECT_SOURCE_DIR}/lib
                                                         ${PROJECT_SOURCE_DIR})
    target_link_libraries(entente_${name} INTERFACE ${arg_USES})
    return()
  endif()
  add_library(entente_${name} STATIC ${arg_SOURCES})
  target_include_directories(entente_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/lib>
                                                    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  # Warnings are ours, not those of whom the installed client is built into.
  target_link_libraries(entente_${name} PUBLIC ${arg_USES}
                                        PRIVATE $<BUILD_INTERFACE:entente_options>
                                                ${arg_PRIVATE_USES})
  if(arg_USES MATCHES "entente_") # what stands on nothing of ours is small, and knows no messages
    entente_precompiled(entente_${name} base)
  endif()
endfunction()

# entente_program(NAME SOURCES a.cpp… USES targets…)
function(entente_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE entente_options ${arg_USES})
  if(ENTENTE_TCMALLOC) # nothing in the program names it: it stands in for malloc
    target_link_libraries(${name} PRIVATE -Wl,--no-as-needed ${ENTENTE_TCMALLOC})
  endif()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  entente_precompiled(${name} base)
endfunction()

# entente_test(NAME SOURCES a_test.cpp… USES targets… [LABELS integration…])
# One GoogleTest program; each of its tests is a test of ctest. ENTENTE_SOURCE_DIR and
# ENTENTE_BIN_DIR tell it where the tree and the programs are.
function(entente_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;USES;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE entente_options ${arg_USES} fmt::fmt GTest::gtest
                                        GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE ENTENTE_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                             ENTENTE_BIN_DIR="${PROJECT_BINARY_DIR}/bin")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  entente_precompiled(${name} test)
  # An empty value would be lost on the way, and take the next name for its own.
  set(properties)
  if(arg_LABELS)
    list(APPEND properties LABELS "${arg_LABELS}")
  endif()
  if(arg_TIMEOUT)
    math(EXPR timeout "${arg_TIMEOUT} * ${ENTENTE_TEST_PATIENCE}")
    list(APPEND properties TIMEOUT ${timeout})
  endif()
  gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
                       PROPERTIES ${properties})
endfunction()
