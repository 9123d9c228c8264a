# The inputs that each fuzz target starts from: its own in corpus/, and real files where they are. Each list is
# written to seeds/NAME in the build folder, one path a line, for `./dev fuzz` and for the test that replays them.
set(fuzz_targets frames heads toml scenario system log results report_line upstream_lines)
set(tree ${PROJECT_SOURCE_DIR})
set(seeds_of_toml ${tree}/scenarios/1006/*.toml ${tree}/scenarios/idle/*.toml)
file(GLOB families ${tree}/scenarios/*)
list(REMOVE_ITEM families ${tree}/scenarios/systems)
list(TRANSFORM families APPEND /*.toml OUTPUT_VARIABLE seeds_of_scenario)
set(seeds_of_system ${tree}/scenarios/systems/*/system.toml ${tree}/examples/*/system.toml
  ${tree}/tests/report/samples/systems/*.toml)
set(seeds_of_log ${tree}/tests/report/samples/*.jsonl)
set(seeds_of_results ${tree}/tests/report/samples/printed/results.json ${tree}/tests/report/samples/printed/junit.xml)
foreach(target ${fuzz_targets})
  file(GLOB seeds CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/corpus/${target}/* ${seeds_of_${target}})
  list(JOIN seeds "\n" lines)
  file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/seeds/${target} CONTENT "${lines}\n")
endforeach()
