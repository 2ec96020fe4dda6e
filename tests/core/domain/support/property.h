#pragma once
// Properties checked on random cases. ctest fixes the seed (RC_PARAMS in CMakeLists.txt); run by
// hand, each run looks elsewhere. A counterexample is printed with what reproduces it.

#include <rapidcheck.h>
#include <string>
#include <utility>

namespace cairn::test {

template <class Property>
[[nodiscard]] bool holds(const std::string& name, Property&& property) {
  return rc::check(name, std::forward<Property>(property));
}

/// A value of full size: sizes do not grow from case to case, every case may be a large one.
template <class T>
T anything() {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<T>());
}

}  // namespace cairn::test
