# Language level, warnings and sanitizers: everything the compiler is told, in one place.

option(CAIRN_TESTS "Build the tests" ON)
option(CAIRN_WERROR "Treat warnings as errors (the CI presets do)" OFF)
set(CAIRN_SANITIZE "" CACHE STRING "Sanitizers for every target, e.g. address,undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

find_program(CAIRN_CCACHE ccache)
if(CAIRN_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CAIRN_CCACHE}")
endif()

# Each flag beyond -Wall -Wextra finds a class of bug that tests do not: silent narrowing, shadowed
# names, overrides that do not override, deletes through a base without a virtual destructor.
# -Wno-maybe-uninitialized: g++ 12 reports the payload of empty std::optionals (GCC bug 80635).
add_library(cairn_warnings INTERFACE)
target_compile_options(
  cairn_warnings
  INTERFACE -Wall
            -Wextra
            -Wconversion
            -Wshadow
            -Wnon-virtual-dtor
            -Wold-style-cast
            -Woverloaded-virtual
            -Wsuggest-override
            -Wimplicit-fallthrough
            $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
            # Files that are compiled together have no main file, so this one is always wrong.
            $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${CMAKE_UNITY_BUILD}>>:-Wno-subobject-linkage>
            $<$<BOOL:${CAIRN_WERROR}>:-Werror>)

if(CAIRN_SANITIZE)
  add_compile_options(-fsanitize=${CAIRN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CAIRN_SANITIZE})
endif()
