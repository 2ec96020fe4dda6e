#include "core/domain/routing/cost_search.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace cairn::domain {
namespace {

/// From here on a site less is worth the looking.
constexpr std::size_t kManyStates = 64;
constexpr std::int64_t kNever = std::int64_t{1} << 62U;

/// Gives `step` states more of one item, whose states are blocks of `block`, where that is better:
/// the greatest first, so that what is added is added once.
void add_parts(std::int64_t* open, std::size_t states, std::size_t block, std::size_t step,
               std::int64_t key) {
  if (block == 2 * step) {  // nothing or all of it
    for (std::int64_t* low = open; low < open + states; low += block) {
      for (std::size_t k = 0; k < step; ++k) low[step + k] = std::min(low[step + k], low[k] + key);
    }
    return;
  }
  for (std::int64_t* base = open; base < open + states; base += block) {
    for (std::size_t k = block - step; k-- > 0;) {
      base[k + step] = std::min(base[k + step], base[k] + key);
    }
  }
}

}  // namespace

CostSearch::CostSearch(const CostGrid& grid, const CostBounds& bounds)
    : grid_(grid), bounds_(bounds), items_(grid.sizes.size()) {
  for (std::size_t item = 0; item < items_; ++item) {
    strides_[item] = states_;
    if (states_ <= kMostStates) states_ *= static_cast<std::size_t>(grid.sizes[item]) + 1;
  }
}

CostSearch::Outcome CostSearch::run() {
  if (items_ == 0) return Outcome::kFound;
  if (!enough()) return Outcome::kImpossible;
  if (states_ > kMostStates || !countable()) return Outcome::kTooHard;
  std::vector<std::size_t> sites(grid_.sites.size());
  std::iota(sites.begin(), sites.end(), std::size_t{0});
  std::size_t layers = 1;
  Outcome outcome = solve(sites, layers);
  if (outcome != Outcome::kFound) return outcome;
  auto chosen = walk();
  if (bounds_.sites_most > 0 && chosen.size() > bounds_.sites_most) {
    layers = bounds_.sites_most + 1;
    outcome = solve(sites, layers);
    if (outcome != Outcome::kFound) return outcome;
    chosen = walk();
  }
  if (unique_) return Outcome::kFound;
  // Now among the chosen alone: nothing but who gives what is open.
  outcome = solve(chosen, layers);
  if (outcome == Outcome::kFound) assign();
  return outcome;
}

/// All sites together, whatever is allowed.
bool CostSearch::enough() const {
  std::array<std::int64_t, kMostCostItems> given{};
  for (const ItemOffer& offer : grid_.offers) given[offer.item] += offer.most;
  for (std::size_t item = 0; item < items_; ++item) {
    if (given[item] < grid_.sizes[item]) return false;
  }
  return true;
}

/// A key is a cost and, in its lowest digit, a number of sites: least cost, then fewest sites. Each
/// site gives a part at least.
bool CostSearch::countable() {
  std::array<std::int64_t, kMostCostItems> least{};
  std::array<std::int64_t, kMostCostItems> most{};
  least.fill(std::numeric_limits<std::int64_t>::max());
  most.fill(std::numeric_limits<std::int64_t>::min());
  for (const ItemOffer& offer : grid_.offers) {
    least[offer.item] = std::min(least[offer.item], offer.part_cost);
    most[offer.item] = std::max(most[offer.item], offer.part_cost);
  }
  std::int64_t parts = 0;
  std::int64_t cost = 0;
  for (std::size_t item = 0; item < items_; ++item) {
    parts += grid_.sizes[item];
    cost += (most[item] - least[item]) * grid_.sizes[item];
  }
  std::int64_t opening = 0;
  for (const CostGrid::Site& site : grid_.sites) opening = std::max(opening, site.opening);
  keys_per_cost_ = parts + 1;
  return cost + opening * parts < kNever / keys_per_cost_ - 1;
}

void CostSearch::collect(const std::vector<std::size_t>& sites) {
  least_.fill(std::numeric_limits<std::int64_t>::max());
  openings_.clear();
  openings_.reserve(sites.size());
  for (const std::size_t site : sites) {
    const auto& [opening, first, last] = grid_.sites[site];
    if (first == last) continue;
    openings_.push_back({site, opening * keys_per_cost_ + 1, first, last, false});
    for (std::size_t i = first; i < last; ++i) {
      std::int64_t& least = least_[grid_.offers[i].item];
      least = std::min(least, grid_.offers[i].part_cost);
    }
  }
}

/// Never negative: every part is given once, so what its cheapest giver takes is spent in any case
/// and can be left out.
std::int64_t CostSearch::part_key(const ItemOffer& offer) const {
  return (offer.part_cost - least_[offer.item]) * keys_per_cost_;
}

/// Leaves out sites that are in no best way: what the site costs with its cheapest part, and with
/// another site where it lacks something, is more than a way that is known.
void CostSearch::drop_hopeless() {
  std::int64_t least = kNever;
  std::int64_t second = kNever;
  for (const Opening& opening : openings_) {
    second = std::min(second, std::max(least, opening.key));
    least = std::min(least, opening.key);
  }
  const std::int64_t known = greedy_key();
  std::erase_if(openings_, [this, least, second, known](const Opening& opening) {
    std::int64_t part = kNever;
    std::size_t whole = 0;
    for (std::size_t i = opening.first; i < opening.last; ++i) {
      part = std::min(part, part_key(grid_.offers[i]));
      whole += grid_.offers[i].most == grid_.sizes[grid_.offers[i].item] ? 1U : 0U;
    }
    const std::int64_t other = opening.key == least ? second : least;
    return opening.key + part + (whole == items_ ? 0 : other) > known;
  });
}

/// The key of some way: again and again the site that takes least for each part it can still give.
std::int64_t CostSearch::greedy_key() const {
  ItemParts open{};
  std::ranges::copy(grid_.sizes, open.begin());
  std::int64_t key = 0;
  std::vector<bool> asked(openings_.size());
  for (;;) {
    const Opening* best = nullptr;
    std::int64_t best_key = 0;
    std::int64_t best_each = kNever;
    for (std::size_t at = 0; at < openings_.size(); ++at) {
      const Opening& opening = openings_[at];
      std::int64_t parts = 0;
      std::int64_t with_parts = opening.key;
      for (std::size_t i = opening.first; i < opening.last; ++i) {
        const std::int64_t given = std::min(grid_.offers[i].most, open[grid_.offers[i].item]);
        parts += given;
        with_parts += given * part_key(grid_.offers[i]);
      }
      if (parts == 0 || asked[at] || with_parts / parts >= best_each) continue;
      best = &opening;
      best_key = with_parts;
      best_each = with_parts / parts;
    }
    if (best == nullptr) return key;
    key += best_key;
    asked[static_cast<std::size_t>(best - openings_.data())] = true;
    for (std::size_t i = best->first; i < best->last; ++i) {
      std::int32_t& left = open[grid_.offers[i].item];
      left -= std::min(grid_.offers[i].most, left);
    }
  }
}

/// Rows from the last site to none: row(at, layer)[state] is the least key to give `state` by the
/// openings from `at` on, with more than one layer by at most `layer` of them.
CostSearch::Outcome CostSearch::solve(const std::vector<std::size_t>& sites, std::size_t layers) {
  collect(sites);
  layers_ = layers;
  const bool from_sums = !bounds_.allowed;
  if (from_sums && layers == 1 && states_ >= kManyStates) drop_hopeless();
  const std::size_t end = openings_.size();
  const bool whole = states_ == std::size_t{1} << items_;
  if ((end + 1) * layers * states_ > kMostFigures) return Outcome::kTooHard;
  if (!(from_sums && whole) && steps(layers) > kMostSteps) return Outcome::kTooHard;
  rows_ = std::make_unique_for_overwrite<std::int64_t[]>((end + 1) * layers * states_);
  std::fill_n(row(end, 0), layers * states_, kNever);
  for (std::size_t layer = 0; layer < layers; ++layer) row(end, layer)[0] = 0;
  for (std::size_t at = end; at-- > 0;) {
    if (layers > 1) std::copy_n(row(end, 0), states_, row(at, 0));
    for (std::size_t layer = layers > 1 ? 1 : 0; layer < layers; ++layer) {
      from_sums ? fill_from_sums(at, layer) : fill_from_shares(at, layer);
    }
  }
  return row(0, layers - 1)[states_ - 1] < kNever ? Outcome::kFound : Outcome::kImpossible;
}

/// A state and a share of it, for every opening.
std::size_t CostSearch::steps(std::size_t layers) const {
  std::size_t all = 0;
  for (const Opening& opening : openings_) {
    std::size_t pairs = states_;
    for (std::size_t i = opening.first; i < opening.last; ++i) {
      const auto size = static_cast<std::size_t>(grid_.sizes[grid_.offers[i].item]);
      const auto most = static_cast<std::size_t>(grid_.offers[i].most);
      pairs = pairs / (size + 1) * ((most + 1) * (2 * size - most + 2) / 2);
    }
    all += pairs;
  }
  return all * layers;
}

/// Opens the site in every state, then adds item after item: a share costs what its parts do.
void CostSearch::fill_from_sums(std::size_t at, std::size_t layer) {
  Opening& opening = openings_[at];
  const std::int64_t* const before = row(at + 1, below(layer));
  const std::int64_t* const closed = row(at + 1, layer);
  std::int64_t* const open = row(at, layer);
  for (std::size_t state = 0; state < states_; ++state) open[state] = before[state] + opening.key;
  for (std::size_t i = opening.first; i < opening.last; ++i) {
    const auto& [item, most, cost] = grid_.offers[i];
    const std::int64_t key = part_key(grid_.offers[i]);
    const std::size_t stride = strides_[item];
    const std::int32_t size = grid_.sizes[item];
    const std::size_t block = stride * (static_cast<std::size_t>(size) + 1);
    // 0 or 1 part more, 0 or 2 more, 0 or 4 ...: together any number up to `most`.
    std::int32_t chunk = 1;
    for (std::int32_t rest = most; rest > 0; rest -= chunk, chunk *= 2) {
      chunk = std::min(chunk, rest);
      const std::size_t step = static_cast<std::size_t>(chunk) * stride;
      add_parts(open, states_, block, step, key * chunk);
    }
  }
  bool tied = false;
  for (std::size_t state = 0; state < states_; ++state) {
    tied |= open[state] == closed[state];
    open[state] = std::min(open[state], closed[state]);
  }
  opening.tied |= tied;
}

/// Looks at every share that is allowed, in every state that has it.
void CostSearch::fill_from_shares(std::size_t at, std::size_t layer) {
  Opening& opening = openings_[at];
  const std::int64_t* const before = row(at + 1, below(layer));
  std::int64_t* const open = row(at, layer);
  std::copy_n(row(at + 1, layer), states_, open);
  opening.tied = true;
  each_share(most_of(opening, states_ - 1), [&](const ItemParts& parts, std::size_t index) {
    if (index == 0 || !bounds_.allowed(opening.site, parts)) return;
    const std::int64_t key = key_of(opening, parts);
    ItemParts rest{};
    for (std::size_t item = 0; item < items_; ++item) rest[item] = grid_.sizes[item] - parts[item];
    each_share(rest, [&](const ItemParts&, std::size_t other) {
      open[other + index] = std::min(open[other + index], before[other] + key);
    });
  });
}

/// From the first site on, all states that a best way can have left, so that the list of sites is
/// the first of all best ones.
std::vector<std::size_t> CostSearch::walk() {
  unique_ = true;
  shares_.clear();
  std::vector<std::size_t> chosen;
  std::vector<std::size_t> left{states_ - 1};
  std::vector<std::size_t> next;
  std::size_t layer = layers_ - 1;
  for (std::size_t at = 0; at < openings_.size() && left.front() != 0; ++at) {
    const bool may_open =
        openings_[at].tied || std::ranges::any_of(left, [this, at, layer](std::size_t state) {
          return row(at, layer)[state] != row(at + 1, layer)[state];
        });
    if (!may_open) continue;
    next.clear();
    CostShare share{openings_[at].site, {}};
    for (const std::size_t state : left) {
      each_best_share(at, layer, state, [&](const ItemParts& parts, std::size_t index) {
        share.parts = parts;
        next.push_back(state - index);
      });
    }
    if (next.empty()) continue;
    unique_ = unique_ && next.size() == 1;
    std::ranges::sort(next);
    next.erase(std::ranges::unique(next).begin(), next.end());
    left.swap(next);
    layer = below(layer);
    chosen.push_back(share.site);
    shares_.push_back(share);
  }
  return chosen;
}

/// All openings are needed; each in turn gives as much of the first items as a best way allows.
void CostSearch::assign() {
  shares_.clear();
  std::size_t state = states_ - 1;
  std::size_t layer = layers_ - 1;
  for (std::size_t at = 0; at < openings_.size(); ++at) {
    CostShare share{openings_[at].site, {}};
    std::size_t given = 0;
    each_best_share(at, layer, state, [&](const ItemParts& parts, std::size_t index) {
      if (parts <= share.parts) return;
      share.parts = parts;
      given = index;
    });
    shares_.push_back(share);
    state -= given;
    layer = below(layer);
  }
}

std::int64_t CostSearch::key_of(const Opening& opening, const ItemParts& parts) const {
  std::int64_t key = opening.key;
  for (std::size_t i = opening.first; i < opening.last; ++i) {
    key += part_key(grid_.offers[i]) * parts[grid_.offers[i].item];
  }
  return key;
}

/// What the site can give of what is still to be given.
ItemParts CostSearch::most_of(const Opening& opening, std::size_t state) const {
  ItemParts most{};
  for (std::size_t i = opening.first; i < opening.last; ++i) {
    const std::size_t item{grid_.offers[i].item};
    const std::size_t radix = static_cast<std::size_t>(grid_.sizes[item]) + 1;
    const auto open = static_cast<std::int32_t>(state / strides_[item] % radix);
    most[item] = std::min(grid_.offers[i].most, open);
  }
  return most;
}

/// Every share up to `most`, nothing first, with its index among the states.
template <class Visit>
void CostSearch::each_share(const ItemParts& most, Visit visit) const {
  ItemParts parts{};
  std::size_t index = 0;
  for (;;) {
    visit(parts, index);
    std::size_t item = 0;
    for (; item < items_ && parts[item] == most[item]; ++item) {
      index -= static_cast<std::size_t>(parts[item]) * strides_[item];
      parts[item] = 0;
    }
    if (item == items_) return;
    ++parts[item];
    index += strides_[item];
  }
}

/// The shares with which a best way for `state` can begin.
template <class Visit>
void CostSearch::each_best_share(std::size_t at, std::size_t layer, std::size_t state,
                                 Visit visit) const {
  const Opening& opening = openings_[at];
  const std::int64_t* const before = row(at + 1, below(layer));
  const std::int64_t best = row(at, layer)[state];
  each_share(most_of(opening, state), [&](const ItemParts& parts, std::size_t index) {
    if (index == 0 || key_of(opening, parts) + before[state - index] != best) return;
    if (bounds_.allowed && !bounds_.allowed(opening.site, parts)) return;
    visit(parts, index);
  });
}

}  // namespace cairn::domain
