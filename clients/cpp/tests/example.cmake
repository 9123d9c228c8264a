# Installs wsfault to PREFIX, and configures, builds and runs the EXAMPLE against it, in FOLDER. Both begin empty.
file(REMOVE_RECURSE ${PREFIX} ${FOLDER})

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${PREFIX})
# What others include names neither: they may have another version of their own.
file(GLOB_RECURSE headers ${PREFIX}/include/*.hpp)
if(NOT headers)
  message(FATAL_ERROR "no headers were installed")
endif()
foreach(header ${headers})
  file(STRINGS ${header} foreign REGEX "#include.*boost")
  if(foreign)
    message(FATAL_ERROR "${header}: ${foreign}")
  endif()
endforeach()
run(${CMAKE_COMMAND} -S ${EXAMPLE} -B ${FOLDER} -G ${GENERATOR} -DCMAKE_PREFIX_PATH=${PREFIX}
  -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER})
run(${CMAKE_COMMAND} --build ${FOLDER})
run(${CMAKE_CTEST_COMMAND} --test-dir ${FOLDER} --output-on-failure --no-tests=error)
