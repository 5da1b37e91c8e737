# Precompiled headers: of a source file's time two thirds went into reading the same headers of others.
# They hold nothing of ours but the generated messages, so the include rules are still enforced, and
# preset `lint`, where clang-tidy reads each file as it stands, is built without them.

option(ENTENTE_PRECOMPILED "Precompile the headers that most sources include" ON)

# entente_precompiled_headers(NAME USES targets… HEADERS …)
function(entente_precompiled_headers name)
  cmake_parse_arguments(arg "" "" "USES;HEADERS" ${ARGN})
  if(NOT ENTENTE_PRECOMPILED)
    return()
  endif()
  set(source ${PROJECT_BINARY_DIR}/generated/precompiled/${name}.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "// Carries precompiled headers.\n")
  add_library(entente_precompiled_${name} OBJECT EXCLUDE_FROM_ALL ${source})
  target_link_libraries(entente_precompiled_${name} PRIVATE entente_options ${arg_USES})
  target_precompile_headers(entente_precompiled_${name} PRIVATE ${arg_HEADERS})
  if(ENTENTE_CCACHE)
    set_target_properties(entente_precompiled_${name} PROPERTIES CXX_COMPILER_LAUNCHER
                          "${PROJECT_SOURCE_DIR}/cmake/precompile-headers;${CMAKE_CXX_COMPILER_LAUNCHER}")
  endif()
endfunction()

# entente_precompiled(TARGET NAME): TARGET is compiled with the headers called NAME.
function(entente_precompiled target name)
  if(TARGET entente_precompiled_${name})
    target_precompile_headers(${target} REUSE_FROM entente_precompiled_${name})
  endif()
endfunction()

set(entente_base_headers
    <algorithm> <array> <charconv> <chrono> <condition_variable> <cstddef> <cstdint> <cstring>
    <deque> <filesystem> <fstream> <functional> <map> <memory> <mutex> <optional> <set> <span>
    <string> <string_view> <system_error> <thread> <tuple> <unordered_map> <utility> <variant>
    <vector> <fmt/format.h> <google/protobuf/util/time_util.h> <tl/expected.hpp> <zmq.hpp>
    <entente/v1/error.pb.h> <entente/v1/event.pb.h> <entente/v1/log.pb.h> <entente/v1/meeting.pb.h>
    <entente/v1/query.pb.h> <entente/v1/subscription.pb.h> <entente/v1/view.pb.h> <entente/v1/wire.pb.h>)
