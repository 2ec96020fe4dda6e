# cairn_module(<name> SOURCES ... [USES <cairn libraries>] [THIRD_PARTY <imported targets>])
#
# One static library per folder, alias cairn::<name>. What a folder may include it gets through USES
# (public: our own headers show in ours); third parties stay private, so that they cannot spread.
function(cairn_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;THIRD_PARTY" ${ARGN})
  add_library(cairn_${name} STATIC ${arg_SOURCES})
  add_library(cairn::${name} ALIAS cairn_${name})
  target_include_directories(cairn_${name} PUBLIC "${CMAKE_SOURCE_DIR}")
  target_link_libraries(
    cairn_${name}
    PUBLIC ${arg_USES}
    PRIVATE ${arg_THIRD_PARTY} cairn_warnings)
endfunction()

# cairn_program(<name> SOURCES ... USES ...): an executable in bin/.
function(cairn_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;THIRD_PARTY" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${arg_USES} ${arg_THIRD_PARTY} cairn_warnings)
endfunction()
