#include "core/domain/event.h"

namespace cairn::domain {

std::uint32_t type_of(const Event& event) {
  return std::visit(
      [](const auto& family) {
        return std::visit([](const auto& e) { return std::decay_t<decltype(e)>::kTypeId; }, family);
      },
      event);
}

}  // namespace cairn::domain
