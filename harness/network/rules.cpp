#include "network/rules.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <nftables/libnftables.h>

#include <string_view>

namespace wsfault::network {
namespace {

/// Loaded by hand: linked, it would be loaded by each of the hundreds of programs that a run starts.
class Nftables {
 public:
  Nftables() : library_(::dlopen("libnftables.so.1", RTLD_NOW | RTLD_LOCAL)) {
    if (library_ == nullptr) return;
    const bool whole = load(new_, "nft_ctx_new") && load(run_, "nft_run_cmd_from_buffer") &&
                       load(buffer_, "nft_ctx_buffer_error") && load(error_, "nft_ctx_get_error_buffer");
    if (!whole) return;
    context_ = new_(NFT_CTX_DEFAULT);
    if (context_ != nullptr) buffer_(context_);
  }

  std::string run(const std::string& commands) const {
    if (context_ == nullptr) return "libnftables cannot be loaded (Debian: libnftables1)";
    if (run_(context_, commands.c_str()) == 0) return {};
    const std::string_view told = error_(context_);
    return fmt::format("the rules are not taken: {}", told.substr(0, told.find('\n')));
  }

 private:
  template <typename Function>
  bool load(Function& into, const char* name) {
    into = reinterpret_cast<Function>(::dlsym(library_, name));
    return into != nullptr;
  }

  void* library_;  // stays loaded until the process ends
  decltype(&nft_ctx_new) new_ = nullptr;
  decltype(&nft_run_cmd_from_buffer) run_ = nullptr;
  decltype(&nft_ctx_buffer_error) buffer_ = nullptr;
  decltype(&nft_ctx_get_error_buffer) error_ = nullptr;
  nft_ctx* context_ = nullptr;
};

}  // namespace

std::string run_rules(const std::string& commands) {
  static const Nftables nftables;
  return nftables.run(commands);
}

}  // namespace wsfault::network
