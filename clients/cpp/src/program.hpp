// A `wsfault proxy` of our own: started, read until it listens, and stopped, however this process ends.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace wsfault::client {

class Program {
 public:
  /// Returns when it listens. Throws WsfaultError. An empty name: that of WSFAULT, or `wsfault` of PATH.
  Program(std::string program, const std::vector<std::string>& options);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  /// Of its control port.
  const std::string& address() const { return address_; }
  /// Returns its exit code.
  int stop();
  /// Empty while it runs.
  std::string why_gone() const;

 private:
  void start(const std::vector<std::string>& options);
  void read();
  void take_lines(std::string& text);
  std::string why_not_started(int code) const;

  std::string named_;
  pid_t keeper_ = -1;
  int input_ = -1;  // its end is the keeper's sign to stop
  int output_ = -1;
  int errors_ = -1;
  int exit_code_ = -1;
  std::string address_;
  mutable std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  std::string listens_;
  std::string said_;
  bool is_over_ = false;
  std::thread reader_;
};

}  // namespace wsfault::client
