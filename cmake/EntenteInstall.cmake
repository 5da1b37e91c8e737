# The C++ client, installed: `cmake --install BUILD --component client --prefix WHERE`. Found by
# find_package(entente), as entente::client, and by pkg-config, as entente.
#
#     include/entente/client/client.h     #include <entente/client/client.h>
#     include/entente/values/…            what its results are made of
#     include/entente/v1/….pb.h           the messages

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(installed entente_client entente_bus entente_values entente_proto)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/entente)
foreach(target ${installed})
  string(REPLACE entente_ "" exported ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${exported})
  # Headers name each other as in the tree: from entente/ on, and the messages from above it.
  target_include_directories(
    ${target} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
                        $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/entente>)
endforeach()

install(TARGETS ${installed} EXPORT entente ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
                                                    COMPONENT client)
install(EXPORT entente NAMESPACE entente:: FILE ententeTargets.cmake DESTINATION ${package_dir}
        COMPONENT client)
install(FILES lib/client/client.h lib/client/bookmark.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/entente/client COMPONENT client)
install(FILES lib/values/day.h lib/values/error.h lib/values/position.h
              lib/values/recorded_time.h lib/values/strong.h
              ${PROJECT_BINARY_DIR}/generated/values/values/error_catalogue.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/entente/values COMPONENT client)
install(DIRECTORY ${PROJECT_BINARY_DIR}/generated/proto/entente/v1
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/entente COMPONENT client
        FILES_MATCHING PATTERN "*.pb.h" PATTERN "stored_group.pb.h" EXCLUDE)

configure_package_config_file(
  cmake/ententeConfig.cmake.in ${PROJECT_BINARY_DIR}/ententeConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/ententeConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/ententeConfig.cmake
              ${PROJECT_BINARY_DIR}/ententeConfigVersion.cmake
        DESTINATION ${package_dir} COMPONENT client)
configure_file(cmake/entente.pc.in ${PROJECT_BINARY_DIR}/entente.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/entente.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
        COMPONENT client)
