package org.firstlight.dm.observation;

import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.observe.NotificationListener;
import org.firstlight.dm.operation.DeviceReports;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes notifications (LwM2M Core 1.1.1 §6.5.2): stored first, then acknowledged. One that cannot
 * be stored is not acknowledged, and comes again.
 */
public final class NotificationReceiver implements NotificationListener {
  private static final Logger LOG = LoggerFactory.getLogger(NotificationReceiver.class);

  private final DeviceReports reports;

  public NotificationReceiver(DeviceReports reports) {
    this.reports = reports;
  }

  @Override
  public void onNotification(Request observe, Response notification) {
    AtomicBoolean storing = new AtomicBoolean();
    notification.addMessageObserver(
        new MessageObserverAdapter() {
          @Override
          public void onRetransmission() {
            store(observe, notification, storing);
          }
        });
    store(observe, notification, storing);
  }

  private void store(Request observe, Response notification, AtomicBoolean storing) {
    if (!storing.compareAndSet(false, true)) {
      return;
    }
    reports
        .notified(observe, notification)
        .whenComplete(
            (done, fault) -> {
              if (fault == null) {
                notification.acknowledge();
              } else {
                LOG.debug("a notification is not stored, it will come again", fault);
              }
              storing.set(false);
            });
  }
}
