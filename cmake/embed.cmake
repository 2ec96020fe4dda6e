# cairn_embed(<target> <symbol> NAMESPACE <ns> FILES <files>)
#
# Compiles text files into <target> as `const std::vector<EmbeddedFile>& <ns>::<symbol>()`, in the order
# given, so that a program needs no data files beside it. The header to include is <symbol>.h.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)

function(cairn_embed target symbol)
  cmake_parse_arguments(arg "" "NAMESPACE" "FILES" ${ARGN})
  set(out "${CMAKE_CURRENT_BINARY_DIR}/embedded/${symbol}")
  set(files)
  foreach(file IN LISTS arg_FILES)
    cmake_path(ABSOLUTE_PATH file)
    list(APPEND files "${file}")
  endforeach()
  add_custom_command(
    OUTPUT ${out}.cpp ${out}.h
    COMMAND Python3::Interpreter "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed.py" ${out} ${arg_NAMESPACE} ${symbol}
            ${files}
    DEPENDS "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed.py" ${files}
    COMMENT "Embedding ${symbol}"
    VERBATIM)
  target_sources(${target} PRIVATE ${out}.cpp ${out}.h)
  target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/embedded")
endfunction()
