#include "central/orders/auto_cancel.h"

#include "central/orders/order_queue_book.h"

#include <cstddef>
#include <string>

namespace cairn::central {
namespace {

constexpr std::size_t kOrdersOfLook = 100;

}  // namespace

AutoCancel::AutoCancel(Env env, storage::Writer& writer, storage::Connection& connection)
    : env_(env), writer_(&writer), connection_(&connection) {}

Result<> AutoCancel::start() {
  return env_.executor.post([this] { look(); });
}

void AutoCancel::look() {
  try {
    for (const OrderId order :
         storage::orders_to_cancel(*connection_, env_.clock.utc_now(), kOrdersOfLook)) {
      cancel(order);
    }
  } catch (const storage::SqlFailure& failure) {
    env_.log.error("auto_cancel_not_looked_for", {{"why", failure.message}});
  }
  env_.executor.after(kPause, [this] { look(); });
}

/// One that is asked for twice, because it is not committed yet, is cancelled once.
void AutoCancel::cancel(OrderId order) {
  writer_->submit<std::int64_t>(
      [order](storage::UnitOfWork& work) { return cancel_expired(work, order); },
      [this, order](const Result<std::int64_t>& cancelled) {
        if (!cancelled) {
          env_.log.error("order_not_auto_cancelled",
                         {{"order", order.value().text()}, {"why", cancelled.error().message}});
        } else if (*cancelled > 0) {
          env_.log.info("order_auto_cancelled",
                        {{"order", order.value().text()}, {"milli", std::to_string(*cancelled)}});
        }
      });
}

}  // namespace cairn::central
