// A session in literal bytes: the handshake of RFC 6455 1.2 and the frames of its examples (5.7).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wire/frame.hpp"

namespace wsfault::actor::sample {

inline const std::string request =
    "GET /chat HTTP/1.1\r\n"
    "Host: server.example.com\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "\r\n";
inline const std::string answer =
    "HTTP/1.1 101 Switching Protocols\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    "\r\n";

/// As a server writes it: unmasked.
inline std::string from_server(std::string_view payload, std::uint8_t opcode = 1, bool fin = true) {
  return wire::encode_frame({.fin = fin, .opcode = opcode, .payload = payload});
}

/// As a client writes it: with the masking key of the RFC's examples.
inline std::string from_client(std::string_view payload, std::uint8_t opcode = 1, bool fin = true) {
  return wire::encode_frame({.fin = fin,
                             .opcode = opcode,
                             .masking_key = wire::MaskingKey{0x37, 0xfa, 0x21, 0x3d},
                             .payload = payload});
}

}  // namespace wsfault::actor::sample
