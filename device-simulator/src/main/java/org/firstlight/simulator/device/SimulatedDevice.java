package org.firstlight.simulator.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.leshan.client.resource.LwM2mObjectEnabler;
import org.eclipse.leshan.client.resource.listener.ObjectsListenerAdapter;
import org.firstlight.simulator.cloud.CloudClient;
import org.firstlight.simulator.connection.Connections;
import org.firstlight.simulator.connection.ServerAccount;
import org.firstlight.simulator.connection.ServerAccounts;
import org.firstlight.simulator.euicc.Euicc;
import org.firstlight.simulator.euicc.EuiccAnswer;
import org.firstlight.simulator.objects.DeviceActions;
import org.firstlight.simulator.objects.DeviceTree;
import org.firstlight.simulator.objects.FactorySettings;
import org.firstlight.simulator.objects.TreeSnapshot;

/**
 * One device. Switch it on with {@link #start}; it bootstraps if it knows no LwM2M Server, installs
 * what it was given, and registers with each account. Safe for use by several threads.
 */
public final class SimulatedDevice implements AutoCloseable {
  private static final Duration TICK = Duration.ofSeconds(10);

  private final DeviceFolder folder;
  private final DeviceOptions options;
  private final DeviceTree tree;
  private final DeviceContext context;
  private final Bootstrap bootstrap;
  private final Map<Integer, Registration> registrations = new HashMap<>();
  private final Optional<CloudClient> cloud;
  private Optional<Future<?>> ticking = Optional.empty();
  private long ticks;
  private boolean on;

  /**
   * @param protocolThreads shared by all devices of a process, for CoAP and notifications
   * @param deviceThread shared too; the engines' one thread, which nothing blocks
   */
  public SimulatedDevice(
      DeviceFolder folder,
      DeviceOptions options,
      Euicc euicc,
      DeviceListener listener,
      Clock clock,
      ScheduledExecutorService protocolThreads,
      ScheduledExecutorService deviceThread) {
    this.folder = folder;
    this.options = options;
    this.cloud = options.cloud().map(CloudClient::new);
    tree =
        new DeviceTree(
            options.release(),
            folder.description(),
            new FactorySettings(
                options.bootstrapServer(),
                folder.certificate(),
                folder.key(),
                options.trustAnchor()),
            euicc,
            new Actions(),
            this::useCredential,
            clock);
    BootstrapInterface session = new BootstrapInterface(tree, options.release());
    Connections connections =
        new Connections(
            tree,
            options.release(),
            new DownlinkRequests(tree, session, this::save),
            options.timing(),
            protocolThreads,
            this::handshakeEnded);
    context =
        new DeviceContext(
            folder.endpointName().value(),
            options.release(),
            options.timing(),
            tree,
            connections,
            listener,
            clock,
            deviceThread);
    bootstrap = new Bootstrap(context, session, this::bootstrapped, this::goBackToAccounts);
    tree.leshan().addListener(new ObjectsChanged());
  }

  public String endpointName() {
    return folder.endpointName().value();
  }

  public DeviceTree tree() {
    return tree;
  }

  /** Switches it on. What it kept on disk is there again; else it is as the factory made it. */
  public void start() {
    context.soon(
        () -> {
          on = true;
          load();
          context.happened("claim-code", true, Map.of("claimCode", folder.claimCode()));
          ticking = Optional.of(context.after(TICK, this::tick));
          context.then(tree.sim().refresh(), (answer, failure) -> proceed());
        });
  }

  /** Sends an Update to this server now, if it is registered there. */
  public void update(int shortServerId) {
    context.soon(
        () -> {
          Registration registration = registrations.get(shortServerId);
          if (registration != null) {
            registration.update();
          }
        });
  }

  /** Switches it off: de-registers everywhere, then closes its connections. */
  public CompletionStage<Void> stop() {
    CompletableFuture<Void> off = new CompletableFuture<>();
    context.soon(
        () -> {
          List<CompletableFuture<Void>> goodbyes = new ArrayList<>();
          registrations
              .values()
              .forEach(one -> goodbyes.add(one.deregister().toCompletableFuture()));
          context.then(
              CompletableFuture.allOf(goodbyes.toArray(CompletableFuture<?>[]::new)),
              (nothing, failure) -> {
                halt();
                context.connections().close();
                off.complete(null);
              });
        });
    return off;
  }

  /** As if its battery fell out: says nothing to anyone. */
  @Override
  public void close() {
    CompletableFuture<Void> off = new CompletableFuture<>();
    context.soon(
        () -> {
          halt();
          context.connections().close();
          off.complete(null);
        });
    off.join();
  }

  private void halt() {
    on = false;
    ticking.ifPresent(future -> future.cancel(false));
    bootstrap.stop();
    registrations.values().forEach(Registration::abandon);
    registrations.clear();
    save();
  }

  private void proceed() {
    if (!on) {
      return;
    }
    ServerAccounts accounts = context.accounts();
    if (accounts.servers().isEmpty() || !accounts.faults().isEmpty()) {
      bootstrap.start();
    } else {
      registerAll(accounts.servers());
    }
  }

  private void bootstrapped() {
    save();
    if (tree.sim().hasPackage()) {
      context.then(
          tree.sim().install(),
          (answer, failure) -> {
            reportInstallation(Optional.ofNullable(answer), Optional.ofNullable(failure));
            save();
            proceed();
          });
    } else {
      proceed();
    }
  }

  private void reportInstallation(Optional<EuiccAnswer> answer, Optional<Throwable> failure) {
    Map<String, Object> details = new HashMap<>();
    answer.ifPresent(
        one -> {
          details.put("outcome", one.outcome());
          one.iccids().stream().findFirst().ifPresent(iccid -> details.put("iccid", iccid));
        });
    failure.ifPresent(one -> details.put("reason", DeviceContext.words(one)));
    context.happened("subscription", answer.filter(EuiccAnswer::done).isPresent(), details);
  }

  private void registerAll(List<ServerAccount> accounts) {
    registrations.values().forEach(Registration::abandon);
    registrations.clear();
    for (ServerAccount account : accounts) {
      Registration registration = new Registration(account, context, this::bootstrapAgain);
      registrations.put(account.shortServerId(), registration);
      registration.register();
    }
  }

  /** What was there stays until new accounts are: a server hears the answer to its Execute. */
  private void bootstrapAgain() {
    if (on) {
      registrations.values().forEach(Registration::pause);
      bootstrap.start();
    }
  }

  private boolean goBackToAccounts() {
    ServerAccounts accounts = context.accounts();
    if (!on || accounts.servers().isEmpty() || !accounts.faults().isEmpty()) {
      return false;
    }
    registerAll(accounts.servers());
    return true;
  }

  private void handshakeEnded(ServerAccount account, Duration took, Optional<String> failure) {
    Map<String, Object> details = new HashMap<>();
    details.put(
        "server", account.isBootstrap() ? "bootstrap" : "account " + account.shortServerId());
    details.put("ms", took.toMillis());
    failure.ifPresent(reason -> details.put("reason", reason));
    context.happened("handshake", failure.isEmpty(), details);
  }

  private void useCredential(byte[] credential) {
    if (credential.length == 0 || cloud.isEmpty()) {
      return;
    }
    cloud
        .get()
        .hello(endpointName(), credential)
        .whenComplete(
            (status, failure) ->
                context.happened(
                    "cloud-credential",
                    failure == null && status == 204,
                    failure == null
                        ? Map.of("status", status)
                        : Map.of("reason", DeviceContext.words(failure))));
  }

  private void tick() {
    tree.tick(++ticks);
    ticking = Optional.of(context.after(TICK, this::tick));
  }

  private void load() {
    options
        .stateFile()
        .filter(Files::exists)
        .ifPresent(
            file -> {
              try {
                TreeSnapshot.read(file, tree).restore(tree);
              } catch (IOException | RuntimeException e) {
                context.happened(
                    "failed", false, Map.of("reason", "its saved state is unreadable"));
              }
            });
  }

  private synchronized void save() {
    options
        .stateFile()
        .ifPresent(
            file -> {
              try {
                TreeSnapshot.of(tree).write(file, tree);
              } catch (IOException e) {
                context.happened("failed", false, Map.of("reason", "cannot save its state"));
              }
            });
  }

  private void forgetState() {
    options.stateFile().ifPresent(SimulatedDevice::delete);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private final class Actions implements DeviceActions {
    @Override
    public void update(int shortServerId) {
      SimulatedDevice.this.update(shortServerId);
    }

    @Override
    public void bootstrap() {
      context.soon(SimulatedDevice.this::bootstrapAgain);
    }

    @Override
    public void disable(int shortServerId, long seconds) {
      context.soon(
          () -> {
            Registration registration = registrations.remove(shortServerId);
            if (registration != null) {
              registration.deregister();
              context.after(Duration.ofSeconds(seconds), SimulatedDevice.this::enableAgain);
            }
          });
    }

    @Override
    public void reboot() {
      context.after(Duration.ofSeconds(1), SimulatedDevice.this::restart);
    }

    @Override
    public void factoryReset() {
      context.after(
          Duration.ofSeconds(1),
          () -> {
            tree.forgetAccounts();
            forgetState();
            restart();
          });
    }
  }

  private void enableAgain() {
    if (on && !bootstrap.isRunning()) {
      registerAll(context.accounts().servers());
    }
  }

  private void restart() {
    if (on) {
      bootstrap.stop();
      registrations.values().forEach(Registration::abandon);
      registrations.clear();
      proceed();
    }
  }

  /** A server that creates or deletes an instance learns of it by an Update too. */
  private final class ObjectsChanged extends ObjectsListenerAdapter {
    @Override
    public void objectInstancesAdded(LwM2mObjectEnabler object, int... instanceIds) {
      tell(object);
    }

    @Override
    public void objectInstancesRemoved(LwM2mObjectEnabler object, int... instanceIds) {
      tell(object);
    }

    private void tell(LwM2mObjectEnabler object) {
      if (object.getId() != DeviceTree.SECURITY) {
        context.soon(() -> registrations.values().forEach(Registration::update));
      }
    }
  }
}
