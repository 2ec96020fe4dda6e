#include "core/gs1/application_identifier.h"

#include <algorithm>

namespace cairn::gs1 {

std::size_t Format::min() const {
  std::size_t octets = 0;
  for (const Component& part : components()) octets += part.optional ? 0 : part.min;
  return octets;
}

std::size_t Format::max() const {
  std::size_t octets = 0;
  for (const Component& part : components()) octets += part.max;
  return octets;
}

const ApplicationIdentifier* find_identifier_at(std::string_view data) {
  const auto rows = application_identifiers();
  // A run's identifiers differ in their last digit, so comparing texts of one length finds them.
  const auto found = std::ranges::find_if(rows, [data](const ApplicationIdentifier& row) {
    const std::string_view ai = data.substr(0, row.first.size());
    return ai.size() == row.first.size() && row.first <= ai && ai <= row.last;
  });
  return found == rows.end() ? nullptr : &*found;
}

const ApplicationIdentifier* find_identifier(std::string_view ai) {
  const ApplicationIdentifier* const found = find_identifier_at(ai);
  return found != nullptr && found->first.size() == ai.size() ? found : nullptr;
}

bool matches(std::string_view pattern, std::string_view ai) {
  return std::ranges::equal(pattern, ai,
                            [](char wanted, char is) { return wanted == 'n' || wanted == is; });
}

}  // namespace cairn::gs1
