#include "core/base/id_source.h"

namespace cairn {

Uuid IdSource::next() {
  const auto ms = static_cast<std::uint64_t>(clock_->utc_now().us / 1000);
  const std::uint64_t high = random_->next();
  const std::uint64_t low = random_->next();
  std::array<std::uint8_t, Uuid::kSize> octets{};
  for (unsigned i = 0; i < 6; ++i) octets.at(i) = static_cast<std::uint8_t>(ms >> (40U - 8U * i));
  octets[6] = static_cast<std::uint8_t>(0x70U | (high & 0x0FU));
  octets[7] = static_cast<std::uint8_t>(high >> 8U);
  octets[8] = static_cast<std::uint8_t>(0x80U | ((high >> 16U) & 0x3FU));
  for (unsigned i = 9; i < 16; ++i) octets.at(i) = static_cast<std::uint8_t>(low >> (8U * (i - 9)));
  return Uuid(octets);
}

}  // namespace cairn
