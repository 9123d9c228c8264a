// The subcommands: one row each in main.cpp, one file each in this folder.
#pragma once

namespace wsfault::cli {

int run_run(int argc, char** argv);
int run_check(int argc, char** argv);
int run_list(int argc, char** argv);
int run_explain(int argc, char** argv);
int run_prove(int argc, char** argv);
int run_init(int argc, char** argv);
int run_sweep(int argc, char** argv);
int run_bench(int argc, char** argv);
int run_judge(int argc, char** argv);
int run_merge(int argc, char** argv);
int run_schema(int argc, char** argv);
int run_reference(int argc, char** argv);
int run_proxy(int argc, char** argv);
int run_ctl(int argc, char** argv);
int run_upstream(int argc, char** argv);
int run_network(int argc, char** argv);

}  // namespace wsfault::cli
