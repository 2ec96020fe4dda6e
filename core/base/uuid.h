#pragma once
// Sixteen octets that name something for ever. Version 7 (RFC 9562) for what is created here and
// now, version 8 for what follows from something else (a hash), so that a retry repeats the name.

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace cairn {

class Uuid {
 public:
  static constexpr std::size_t kSize = 16;

  constexpr Uuid() = default;  ///< The nil UUID: "none".
  explicit constexpr Uuid(const std::array<std::uint8_t, kSize>& octets) : octets_(octets) {}

  /// 8-4-4-4-12 hexadecimal, either case. Errors: kInvalid "bad_uuid".
  static Result<Uuid> parse(std::string_view text);
  /// Exactly 16 octets. Errors: kInvalid "bad_uuid".
  static Result<Uuid> from_bytes(BytesView bytes);
  /// Version 8 from the first 16 octets of a hash.
  static Uuid from_hash(const std::array<std::uint8_t, kSize>& hash);

  [[nodiscard]] std::string text() const;
  [[nodiscard]] Bytes bytes() const;
  [[nodiscard]] constexpr const std::array<std::uint8_t, kSize>& octets() const { return octets_; }
  [[nodiscard]] constexpr bool is_nil() const {
    return octets_ == std::array<std::uint8_t, kSize>{};
  }

  friend constexpr auto operator<=>(const Uuid&, const Uuid&) = default;

 private:
  std::array<std::uint8_t, kSize> octets_{};
};

}  // namespace cairn

template <>
struct std::hash<cairn::Uuid> {
  std::size_t operator()(const cairn::Uuid& uuid) const {
    return std::hash<std::string_view>{}(
        {reinterpret_cast<const char*>(uuid.octets().data()), cairn::Uuid::kSize});
  }
};
