#include "device-drivers/wire/byte_connection.h"

#include <fmt/format.h>

namespace cairn::devices {

std::string ByteConnection::Sent::part_of(std::size_t size) const {
  return fmt::format("the printer took {}{} of {} octets: {}", in_doubt ? "at least " : "", octets,
                     size, problem);
}

std::unique_ptr<Connector> watched(std::unique_ptr<Connector> connector, const Waker& news) {
  connector->watch(news);
  return connector;
}

}  // namespace cairn::devices
