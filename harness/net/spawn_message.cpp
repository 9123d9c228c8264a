// Messages between the harness, the warden and the keepers.
#include "net/spawn_message.hpp"

#include <errno.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cstring>
#include <system_error>

namespace wsfault::net {
namespace {

constexpr std::size_t request_descriptors = 5;

void put_number(std::string& out, std::size_t number) {
  const auto value = static_cast<std::uint64_t>(number);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void put_list(std::string& out, const std::vector<std::string>& list) {
  put_number(out, list.size());
  for (const std::string& text : list) {
    put_number(out, text.size());
    out += text;
  }
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::optional<std::vector<std::string>> list() {
    const auto count = number();
    if (!count) return std::nullopt;
    std::vector<std::string> result;
    for (std::uint64_t i = 0; i < *count; ++i) {
      const auto size = number();
      if (!size || *size > rest_.size()) return std::nullopt;
      result.emplace_back(rest_.substr(0, *size));
      rest_.remove_prefix(*size);
    }
    return result;
  }

  bool at_end() const { return rest_.empty(); }

 private:
  std::optional<std::uint64_t> number() {
    std::uint64_t value = 0;
    if (rest_.size() < sizeof value) return std::nullopt;
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }

  std::string_view rest_;
};

union ControlBuffer {
  char bytes[CMSG_SPACE(request_descriptors * sizeof(int))];
  cmsghdr align;
};

/// Takes over all descriptors that came with a message.
std::vector<FileDescriptor> received_descriptors(msghdr& header) {
  std::vector<FileDescriptor> result;
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(part) + i * sizeof(int), sizeof number);
      result.emplace_back(number);
    }
  }
  return result;
}

}  // namespace

std::string serialise(const SpawnMessage& message) {
  std::string out;
  put_list(out, message.argv);
  put_list(out, message.environment);
  put_list(out, {message.cwd, message.network_of, message.hosts_file});
  return out;
}

std::optional<SpawnMessage> parse_spawn_message(std::string_view bytes) {
  Reader reader(bytes);
  auto argv = reader.list();
  if (!argv) return std::nullopt;
  auto environment = reader.list();
  if (!environment) return std::nullopt;
  auto rest = reader.list();
  if (!rest || rest->size() != 3 || !reader.at_end()) return std::nullopt;
  return SpawnMessage{std::move(*argv), std::move(*environment), std::move((*rest)[0]), std::move((*rest)[1]),
                      std::move((*rest)[2])};
}

FileDescriptor make_memory_file(std::string_view bytes) {
  FileDescriptor file(::memfd_create("wsfault-spawn", MFD_CLOEXEC));
  if (!file.is_open()) throw std::system_error(errno, std::generic_category(), "memfd_create");
  while (!bytes.empty()) {
    const ssize_t size = ::write(file.get(), bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) throw std::system_error(errno, std::generic_category(), "write to a memory file");
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return file;
}

std::string read_memory_file(const FileDescriptor& file) {
  std::string result;
  char buffer[16384];
  for (;;) {
    const ssize_t size = ::pread(file.get(), buffer, sizeof buffer, static_cast<off_t>(result.size()));
    if (size <= 0) return result;
    result.append(buffer, static_cast<std::size_t>(size));
  }
}

int send_request(int socket, const SpawnRequest& request) {
  // Descriptors that do not fit are cut off from the end, so the reply socket comes first.
  const std::array<int, request_descriptors> numbers = {
      request.control.get(), request.in.get(), request.out.get(), request.err.get(), request.message.get()};
  char byte = 'S';
  iovec body{&byte, 1};
  ControlBuffer control{};
  msghdr header{};
  header.msg_iov = &body;
  header.msg_iovlen = 1;
  header.msg_control = control.bytes;
  header.msg_controllen = sizeof control.bytes;
  cmsghdr* part = CMSG_FIRSTHDR(&header);
  part->cmsg_level = SOL_SOCKET;
  part->cmsg_type = SCM_RIGHTS;
  part->cmsg_len = CMSG_LEN(sizeof numbers);
  std::memcpy(CMSG_DATA(part), numbers.data(), sizeof numbers);
  ssize_t sent = 0;
  do {
    sent = ::sendmsg(socket, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  return sent < 0 ? errno : 0;
}

std::pair<Received, SpawnRequest> receive_request(int socket) {
  char byte = 0;
  iovec body{&byte, 1};
  ControlBuffer control{};
  msghdr header{};
  header.msg_iov = &body;
  header.msg_iovlen = 1;
  header.msg_control = control.bytes;
  header.msg_controllen = sizeof control.bytes;
  const ssize_t size = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
  if (size == 0) return {Received::end, SpawnRequest{}};
  if (size < 0)
    return {errno == EINTR || errno == EAGAIN ? Received::nothing : Received::end, SpawnRequest{}};
  auto descriptors = received_descriptors(header);
  SpawnRequest request;
  if (!descriptors.empty()) request.control = std::move(descriptors[0]);
  if (descriptors.size() != request_descriptors) return {Received::incomplete, std::move(request)};
  request.in = std::move(descriptors[1]);
  request.out = std::move(descriptors[2]);
  request.err = std::move(descriptors[3]);
  request.message = std::move(descriptors[4]);
  return {Received::request, std::move(request)};
}

}  // namespace wsfault::net
