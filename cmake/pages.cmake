# The target cairn_pages: kiosk-ui built into share/cairn/pages, where cairn-hub and cairn-agent look for it.
# Needs Node.js and kiosk-ui/node_modules (provisioning/setup); without them it says so and builds nothing.

option(CAIRN_PAGES "Build the pages together with the programs" OFF)

set(pages_stamp "${CMAKE_BINARY_DIR}/share/cairn/pages.stamp")
set(pages_sources "${CMAKE_SOURCE_DIR}/docs/api/agent.openapi.yaml" "${CMAKE_SOURCE_DIR}/docs/api/hub.openapi.yaml")
file(GLOB pages_entries CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/kiosk-ui/*")
foreach(entry IN LISTS pages_entries)
  if(NOT IS_DIRECTORY "${entry}")
    list(APPEND pages_sources "${entry}")
  elseif(NOT entry MATCHES "/(node_modules|dist|tests)$")
    file(GLOB_RECURSE below CONFIGURE_DEPENDS "${entry}/*")
    list(FILTER below EXCLUDE REGEX "/generated/")
    list(APPEND pages_sources ${below})
  endif()
endforeach()

add_custom_command(
  OUTPUT "${pages_stamp}"
  COMMAND "${CMAKE_COMMAND}" "-Dsource=${CMAKE_SOURCE_DIR}" "-Dpages=${CMAKE_BINARY_DIR}/share/cairn/pages"
          "-Dstamp=${pages_stamp}" -P "${CMAKE_CURRENT_LIST_DIR}/build_pages.cmake"
  DEPENDS "${CMAKE_CURRENT_LIST_DIR}/build_pages.cmake" ${pages_sources}
  COMMENT "Building the pages"
  VERBATIM)
if(CAIRN_PAGES)
  add_custom_target(cairn_pages ALL DEPENDS "${pages_stamp}")
else()
  add_custom_target(cairn_pages DEPENDS "${pages_stamp}")
endif()
