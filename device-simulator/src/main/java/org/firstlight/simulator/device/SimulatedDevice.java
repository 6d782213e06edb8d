package org.firstlight.simulator.device;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
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

/**
 * One device. Switch it on with {@link #start}; it bootstraps if it knows no LwM2M Server, installs
 * what it was given, and registers with each account. Safe for use by several threads.
 */
public final class SimulatedDevice implements AutoCloseable {
  private static final Duration TICK = Duration.ofSeconds(10);
  private static final Duration POWER_CYCLE = Duration.ofSeconds(1);

  private final DeviceFolder folder;
  private final DeviceTree tree;
  private final DeviceContext context;
  private final Bootstrap bootstrap;
  private final Registrations registrations;
  private final Enrolment enrolment;
  private final StateFile state;
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
    cloud = options.cloud().map(CloudClient::new);
    state = new StateFile(options.stateFile());
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
            new DownlinkRequests(tree, session, () -> state.save(tree)),
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
    bootstrap = new Bootstrap(context, session, this::bootstrapped, this::registerWithAccounts);
    registrations = new Registrations(context, this::bootstrapAgain);
    enrolment = new Enrolment(context);
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
          state
              .load(tree)
              .ifPresent(reason -> context.happened("failed", false, Map.of("reason", reason)));
          context.happened("claim-code", true, Map.of("claimCode", folder.claimCode()));
          ticking = Optional.of(context.after(TICK, this::tick));
          context.then(tree.sim().refresh(), (answer, failure) -> proceed());
        });
  }

  /** Sends an Update to this server now, if it is registered there. */
  public void update(int shortServerId) {
    context.soon(() -> registrations.update(shortServerId));
  }

  /** Renews its certificate of this account, and registers with the new one. */
  public void renew(int shortServerId) {
    context.soon(
        () ->
            enrolment.renew(
                shortServerId,
                registrations.connection(shortServerId),
                () -> {
                  state.save(tree);
                  registrations.abandon();
                  proceed();
                }));
  }

  /** Switches it off: de-registers everywhere, then closes its connections. */
  public CompletionStage<Void> stop() {
    CompletableFuture<Void> off = new CompletableFuture<>();
    context.soon(() -> context.then(registrations.deregister(), (nothing, failure) -> halt(off)));
    return off;
  }

  /** As if its battery fell out: says nothing to anyone. */
  @Override
  public void close() {
    CompletableFuture<Void> off = new CompletableFuture<>();
    context.soon(() -> halt(off));
    off.join();
  }

  private void halt(CompletableFuture<Void> off) {
    on = false;
    ticking.ifPresent(future -> future.cancel(false));
    enrolment.stop();
    bootstrap.stop();
    registrations.abandon();
    state.save(tree);
    context.connections().close();
    off.complete(null);
  }

  private void proceed() {
    if (on && !registerWithAccounts()) {
      bootstrap.start();
    }
  }

  /** Registers with the accounts that are there; false if there are none to use. */
  private boolean registerWithAccounts() {
    ServerAccounts accounts = context.accounts();
    boolean usable = accounts.servers().stream().allMatch(ServerAccount::isUsable);
    if (!on || accounts.servers().isEmpty() || !accounts.faults().isEmpty() || !usable) {
      return false;
    }
    registrations.begin(accounts.servers());
    return true;
  }

  private void bootstrapped() {
    state.save(tree);
    enrolment.run(bootstrap.kept(), this::enrolled, this::bootstrapAgain);
  }

  private void enrolled() {
    state.save(tree);
    if (!tree.sim().hasPackage()) {
      proceed();
      return;
    }
    context.then(
        tree.sim().install(),
        (answer, failure) -> {
          reportInstallation(Optional.ofNullable(answer), Optional.ofNullable(failure));
          state.save(tree);
          proceed();
        });
  }

  /** What was there stays until new accounts are: a server hears the answer to its Execute. */
  private void bootstrapAgain() {
    if (on) {
      registrations.pause();
      bootstrap.start();
    }
  }

  private void restart() {
    if (on) {
      enrolment.stop();
      bootstrap.stop();
      registrations.abandon();
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
    context.then(
        cloud.get().hello(endpointName(), credential),
        (status, failure) ->
            context.happened(
                "cloud-credential",
                status != null && status == 204,
                status != null
                    ? Map.of("status", status)
                    : Map.of("reason", "the cloud does not answer")));
  }

  private void tick() {
    tree.tick(++ticks);
    enrolment
        .due()
        .filter(account -> registrations.connection(account).isPresent())
        .ifPresent(this::renew);
    ticking = Optional.of(context.after(TICK, this::tick));
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
            if (registrations.disable(shortServerId)) {
              context.after(Duration.ofSeconds(seconds), this::enable);
            }
          });
    }

    private void enable() {
      if (!bootstrap.isRunning()) {
        registerWithAccounts();
      }
    }

    @Override
    public void reboot() {
      context.after(POWER_CYCLE, SimulatedDevice.this::restart);
    }

    @Override
    public void factoryReset() {
      context.after(
          POWER_CYCLE,
          () -> {
            tree.forgetAccounts();
            state.forget();
            restart();
          });
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
        context.soon(registrations::updateAll);
      }
    }
  }
}
