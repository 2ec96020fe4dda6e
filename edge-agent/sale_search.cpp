#include "edge-agent/sale_search.h"

#include "core/base/utf8.h"
#include "core/storage/found_sales.h"

#include <fmt/format.h>

#include <utility>

namespace cairn::agent {

void SaleSearch::search(const std::string& text, Done done) {
  core_->sync().find(text, [this, text, done = std::move(done)](
                               const Result<std::vector<domain::Sale>>& sales) {
    if (!sales) return done(fail(sales.error()));
    if (sales->empty()) {
      return done(fail(ErrorCode::kNotFound, "unknown_sale",
                       fmt::format("nothing that can come back has the code {}", excerpt(text))));
    }
    core_->writer().submit<bool>(
        [text, sales = *sales](storage::UnitOfWork& work) -> Result<bool> {
          for (const domain::Sale& sale : sales) {
            storage::save_found_sale(work.connection(), sale, text, work.now());
          }
          return true;
        },
        done);
  });
}

}  // namespace cairn::agent
