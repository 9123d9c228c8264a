// Starts a `wsfault proxy`, prints where it is, and ends as its argument says once a line comes.
#include <sys/types.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <wsfault/testing.hpp>

int main(int, char** argv) {
  const wsfault::Wsfault running = wsfault::Wsfault::start();
  std::cout << running.url() << std::endl;
  std::string line;
  std::getline(std::cin, line);
  const std::string_view ends = argv[1];
  if (ends == "exits") std::exit(7);
  if (ends == "aborts") std::abort();
  if (ends == "leaves") _exit(8);
  return 0;
}
