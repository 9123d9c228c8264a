// errno and exceptions as text.
#include "net/shortage.hpp"

#include <errno.h>

#include <boost/system/system_error.hpp>
#include <new>
#include <system_error>

#include "net/descriptors.hpp"

namespace wsfault::net {
namespace {

/// "pipe2: out of descriptors …"; a message about anything else is unchanged.
std::string describe_thrown(int error, const std::string& words) {
  if (!is_shortage(error)) return words;
  const std::size_t colon = words.find(':');
  return (colon == std::string::npos ? std::string() : words.substr(0, colon) + ": ") +
         describe_shortage(error);
}

}  // namespace

bool is_shortage(int error) {
  switch (error) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
    case ETOOMANYREFS:
      return true;
    default:
      return false;
  }
}

std::string describe_shortage(int error) {
  switch (error) {
    case EMFILE:
    case ETOOMANYREFS:
      return "out of descriptors (the limit is " + std::to_string(descriptor_limit()) +
             "): raise it with `ulimit -n`";
    case ENFILE:
      return "this machine is out of descriptors (fs.file-max)";
    case ENOBUFS:
    case ENOMEM:
      return "out of memory";
    default:
      return std::generic_category().message(error);
  }
}

std::string describe_failure(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::bad_alloc&) {
    return describe_shortage(ENOMEM);
  } catch (const boost::system::system_error& thrown) {
    return describe_thrown(thrown.code().value(), thrown.what());
  } catch (const std::system_error& thrown) {
    return describe_thrown(thrown.code().value(), thrown.what());
  } catch (const std::exception& thrown) {
    return thrown.what();
  } catch (...) {
    return "something was thrown that is no exception";
  }
}

}  // namespace wsfault::net
