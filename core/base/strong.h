#pragma once
// Strong<Tag, Rep>: a value that cannot be mistaken for another of the same representation.

#include <compare>
#include <cstddef>
#include <functional>
#include <utility>

namespace cairn {

template <class Tag, class Rep>
class Strong {
 public:
  using rep = Rep;

  constexpr Strong() = default;
  explicit constexpr Strong(Rep value) : value_(std::move(value)) {}

  [[nodiscard]] constexpr const Rep& value() const { return value_; }

  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;

 private:
  Rep value_{};
};

}  // namespace cairn

template <class Tag, class Rep>
struct std::hash<cairn::Strong<Tag, Rep>> {
  std::size_t operator()(const cairn::Strong<Tag, Rep>& strong) const {
    return std::hash<Rep>{}(strong.value());
  }
};
