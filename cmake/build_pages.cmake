# cmake -Dsource=ROOT -Dpages=FOLDER -Dstamp=FILE -P build_pages.cmake
#
# `npm run build` of kiosk-ui into a new folder, which takes the place of FOLDER once it is whole: a program that
# starts meanwhile finds the old pages or the new ones. FILE says that it was done.

function(build_nothing why)
  message("The pages are not built: ${why}. The programs do without them. "
          "To have them, run provisioning/setup and build again.")
endfunction()

set(kiosk_ui "${source}/kiosk-ui")
if(NOT EXISTS "${kiosk_ui}/node_modules")
  build_nothing("kiosk-ui/node_modules is absent")
  return()
endif()
file(READ "${kiosk_ui}/package.json" package)
string(JSON script ERROR_VARIABLE no_script GET "${package}" scripts build)
if(no_script)
  build_nothing("kiosk-ui/package.json has no script `build`")
  return()
endif()
set(path "$ENV{PATH}")
if(EXISTS "${source}/.tools/node/bin/node")
  set(path "${source}/.tools/node/bin:${path}")
endif()
find_program(npm npm HINTS "${source}/.tools/node/bin")
if(NOT npm)
  build_nothing("there is no npm")
  return()
endif()

file(REMOVE_RECURSE "${pages}.new" "${pages}.old")
file(MAKE_DIRECTORY "${pages}.new") # a plug-in that looks into it must not hide why the build failed
execute_process(
  COMMAND "${CMAKE_COMMAND}" -E env "PATH=${path}" "CAIRN_PAGES_OUT=${pages}.new" NO_UPDATE_NOTIFIER=1 "${npm}" run
          --silent build
  WORKING_DIRECTORY "${kiosk_ui}"
  RESULT_VARIABLE status
  OUTPUT_VARIABLE output
  ERROR_VARIABLE output)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "npm run build in kiosk-ui failed (${status}):\n${output}")
endif()
foreach(page handheld counter hq bench)
  if(NOT EXISTS "${pages}.new/${page}/index.html")
    message(FATAL_ERROR "npm run build in kiosk-ui wrote no ${page}/index.html into CAIRN_PAGES_OUT:\n${output}")
  endif()
endforeach()
if(EXISTS "${pages}")
  file(RENAME "${pages}" "${pages}.old")
endif()
file(RENAME "${pages}.new" "${pages}")
file(REMOVE_RECURSE "${pages}.old")
file(TOUCH "${stamp}")
