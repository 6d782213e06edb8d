package org.firstlight.dm;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kind;

/** State in whose look-ups a test does something. */
final class LookUps {
  private LookUps() {}

  /** What a test does. */
  interface Act {
    void run() throws Exception;
  }

  /**
   * Acts once a record of this kind has been found, before anybody hears of it.
   *
   * @param armed whether it acts the next time: it does so once
   */
  static FleetState acting(FleetState records, Kind<?> kind, AtomicBoolean armed, Act act) {
    return (FleetState)
        Proxy.newProxyInstance(
            LookUps.class.getClassLoader(),
            new Class<?>[] {FleetState.class},
            (proxy, method, arguments) -> {
              try {
                Object answer = method.invoke(records, arguments);
                if (method.getName().equals("find")
                    && kind.equals(arguments[0])
                    && armed.getAndSet(false)) {
                  ((CompletionStage<?>) answer).toCompletableFuture().join();
                  act.run();
                }
                return answer;
              } catch (InvocationTargetException fault) {
                throw fault.getCause();
              }
            });
  }
}
