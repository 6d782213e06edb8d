package org.firstlight.simulator.device;

import java.util.List;
import java.util.Optional;
import org.eclipse.leshan.client.resource.ObjectEnabler;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.client.util.LinkFormatHelper;
import org.eclipse.leshan.core.node.LwM2mObject;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.request.BootstrapDeleteRequest;
import org.eclipse.leshan.core.request.BootstrapDiscoverRequest;
import org.eclipse.leshan.core.request.BootstrapDownlinkRequest;
import org.eclipse.leshan.core.request.BootstrapFinishRequest;
import org.eclipse.leshan.core.request.BootstrapReadRequest;
import org.eclipse.leshan.core.request.BootstrapWriteRequest;
import org.eclipse.leshan.core.request.DownLinkRequestVisitorAdapter;
import org.eclipse.leshan.core.response.BootstrapDeleteResponse;
import org.eclipse.leshan.core.response.BootstrapDiscoverResponse;
import org.eclipse.leshan.core.response.BootstrapFinishResponse;
import org.eclipse.leshan.core.response.BootstrapReadResponse;
import org.eclipse.leshan.core.response.BootstrapWriteResponse;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.core.response.SendableResponse;
import org.eclipse.leshan.core.response.WriteResponse;
import org.firstlight.simulator.connection.ServerAccounts;
import org.firstlight.simulator.objects.DeviceTree;
import org.firstlight.simulator.objects.LwM2mRelease;
import org.firstlight.simulator.objects.StoredInstance;
import org.firstlight.simulator.objects.TreeSnapshot;

/**
 * The device's half of the Bootstrap Interface (LwM2M Core 1.1.1 §6.1.7). Takes what the
 * Bootstrap-Server sends while a session is open, goes back to what was there before if the session
 * fails, and answers Finish with 4.06 when the accounts make no sense.
 */
final class BootstrapInterface {
  /** Hears how the session goes; called on a protocol thread. */
  interface Watch {
    void exchanged(String operation, String path, String code, boolean error);

    void finished();
  }

  /** Deleting them takes nothing away that the device could do without. */
  private static final List<Integer> FIXED = List.of(3, 4, 5, 505);

  private final DeviceTree tree;
  private final LwM2mRelease release;
  private final LinkFormatHelper links;
  private Optional<Watch> session = Optional.empty();
  private Optional<TreeSnapshot> before = Optional.empty();
  private boolean finishAnswered;

  BootstrapInterface(DeviceTree tree, LwM2mRelease release) {
    this.tree = tree;
    this.release = release;
    this.links = DeviceTree.links(release);
  }

  synchronized void begin(Watch watch) {
    session = Optional.of(watch);
    before = Optional.of(TreeSnapshot.of(tree));
    finishAnswered = false;
  }

  /** Whether Finish was answered 2.04, though perhaps not heard. */
  synchronized boolean finishAnswered() {
    return finishAnswered;
  }

  /** The session ended well: what was written stays. */
  synchronized void end() {
    session = Optional.empty();
    before = Optional.empty();
  }

  /** The session failed: what was there before is there again. */
  synchronized void fail() {
    before.ifPresent(snapshot -> snapshot.restore(tree));
    end();
  }

  @SuppressWarnings("unchecked") // each request's visit makes that request's response
  synchronized <T extends LwM2mResponse> SendableResponse<T> handle(
      LwM2mServer server, BootstrapDownlinkRequest<T> request) {
    Handling handling = new Handling(server);
    request.accept(handling);
    return (SendableResponse<T>) handling.response;
  }

  private final class Handling extends DownLinkRequestVisitorAdapter {
    private final boolean refused;
    private final LwM2mServer server;
    private SendableResponse<? extends LwM2mResponse> response =
        new SendableResponse<>(BootstrapFinishResponse.badRequest("no bootstrap session"));

    Handling(LwM2mServer server) {
      this.server = server;
      refused = !server.isLwm2mBootstrapServer() || session.isEmpty();
    }

    private void answer(String operation, LwM2mPath path, LwM2mResponse answer) {
      answer(operation, path, answer, () -> {});
    }

    private void answer(
        String operation, LwM2mPath path, LwM2mResponse answer, Runnable whenHeard) {
      int code = answer.getCode().getCode();
      session.ifPresent(
          watch ->
              watch.exchanged(
                  operation,
                  path.toString(),
                  "%d.%02d".formatted(code / 100, code % 100),
                  answer.getCode().isError()));
      response = new SendableResponse<>(answer, whenHeard);
    }

    @Override
    public void visit(BootstrapDiscoverRequest request) {
      LwM2mPath path = request.getPath();
      BootstrapDiscoverResponse answer;
      if (refused) {
        answer = BootstrapDiscoverResponse.badRequest("no bootstrap session");
      } else if (path.isRoot()) {
        answer =
            BootstrapDiscoverResponse.success(
                links.getBootstrapClientDescription(tree.leshan().getObjectEnablers().values()));
      } else {
        answer =
            tree.find(path.getObjectId())
                .map(object -> object.discover(server, request))
                .orElseGet(BootstrapDiscoverResponse::notFound);
      }
      answer("discover", path, answer);
    }

    @Override
    public void visit(BootstrapReadRequest request) {
      BootstrapReadResponse answer;
      if (refused) {
        answer = BootstrapReadResponse.badRequest("no bootstrap session");
      } else if (release == LwM2mRelease.V1_0) {
        answer = BootstrapReadResponse.methodNotAllowed(); // 1.0 has no Bootstrap-Read
      } else {
        answer =
            tree.find(request.getPath().getObjectId())
                .map(object -> object.read(server, request))
                .orElseGet(BootstrapReadResponse::notFound);
      }
      answer("read", request.getPath(), answer);
    }

    @Override
    public void visit(BootstrapWriteRequest request) {
      answer(
          "write",
          request.getPath(),
          refused ? BootstrapWriteResponse.badRequest("no bootstrap session") : write(request));
    }

    @Override
    public void visit(BootstrapDeleteRequest request) {
      answer(
          "delete",
          request.getPath(),
          refused
              ? BootstrapDeleteResponse.badRequest("no bootstrap session")
              : delete(request.getPath()));
    }

    @Override
    public void visit(BootstrapFinishRequest request) {
      Watch watch = session.orElse(null);
      if (refused || watch == null) {
        return;
      }
      ServerAccounts accounts = ServerAccounts.read(tree);
      if (!accounts.faults().isEmpty()) {
        refuse(String.join("; ", accounts.faults()));
      } else if (accounts.servers().isEmpty()) {
        refuse("no account of an LwM2M Server");
      } else {
        finishAnswered = true;
        answer("finish", LwM2mPath.ROOTPATH, BootstrapFinishResponse.success(), watch::finished);
      }
    }

    private void refuse(String why) {
      answer("finish", LwM2mPath.ROOTPATH, BootstrapFinishResponse.notAcceptable(why));
    }
  }

  private BootstrapWriteResponse write(BootstrapWriteRequest request) {
    LwM2mPath path = request.getPath();
    Optional<ObjectEnabler> object = tree.find(path.getObjectId());
    if (object.isEmpty()) {
      return BootstrapWriteResponse.badRequest("no such object");
    }
    if (path.isObject()) {
      for (LwM2mObjectInstance instance :
          ((LwM2mObject) request.getNode()).getInstances().values()) {
        BootstrapWriteResponse answer = write(object.get(), instance.getId(), instance);
        if (answer.isFailure()) {
          return answer;
        }
      }
      return BootstrapWriteResponse.success();
    }
    if (path.isObjectInstance()) {
      return write(
          object.get(), path.getObjectInstanceId(), (LwM2mObjectInstance) request.getNode());
    }
    if (path.isResource()) {
      return tree.instance(path.getObjectId(), path.getObjectInstanceId())
          .map(
              instance ->
                  answer(
                      instance.write(
                          LwM2mServer.SYSTEM,
                          true,
                          path.getResourceId(),
                          (LwM2mResource) request.getNode())))
          .orElseGet(
              () ->
                  write(
                      object.get(),
                      path.getObjectInstanceId(),
                      new LwM2mObjectInstance(
                          path.getObjectInstanceId(), (LwM2mResource) request.getNode())));
    }
    return BootstrapWriteResponse.badRequest("not a path that can be written in a bootstrap");
  }

  private BootstrapWriteResponse write(ObjectEnabler object, int id, LwM2mObjectInstance content) {
    Optional<StoredInstance> there = tree.instance(object.getId(), id);
    if (there.isEmpty() && !object.getObjectModel().multiple && id != 0) {
      return BootstrapWriteResponse.badRequest("a single object has instance 0 only");
    }
    StoredInstance instance = there.orElseGet(() -> tree.newInstance(object.getId(), id));
    WriteResponse written = instance.write(LwM2mServer.SYSTEM, true, content);
    if (written.isSuccess() && there.isEmpty()) {
      object.addInstance(id, instance);
    }
    return answer(written);
  }

  private static BootstrapWriteResponse answer(WriteResponse written) {
    return written.isSuccess()
        ? BootstrapWriteResponse.success()
        : BootstrapWriteResponse.badRequest(written.getErrorMessage());
  }

  /** What is not there is deleted already. */
  private BootstrapDeleteResponse delete(LwM2mPath path) {
    if (path.isRoot()) {
      tree.objects().stream()
          .filter(object -> !FIXED.contains(object.getId()))
          .forEach(this::clear);
      return BootstrapDeleteResponse.success();
    }
    Optional<ObjectEnabler> object = tree.find(path.getObjectId());
    if (object.isEmpty()) {
      return BootstrapDeleteResponse.success();
    }
    if (FIXED.contains(path.getObjectId())) {
      return BootstrapDeleteResponse.badRequest("this object cannot be deleted");
    }
    if (path.isObject()) {
      clear(object.get());
      return BootstrapDeleteResponse.success();
    }
    if (!path.isObjectInstance() || isBootstrapAccount(path)) {
      return BootstrapDeleteResponse.badRequest("this cannot be deleted");
    }
    object.get().removeInstance(path.getObjectInstanceId());
    return BootstrapDeleteResponse.success();
  }

  private void clear(ObjectEnabler object) {
    for (int id : object.getAvailableInstanceIds()) {
      if (!isBootstrapAccount(new LwM2mPath(object.getId(), id))) {
        object.removeInstance(id);
      }
    }
  }

  private boolean isBootstrapAccount(LwM2mPath path) {
    return path.getObjectId() == DeviceTree.SECURITY
        && tree.instance(DeviceTree.SECURITY, path.getObjectInstanceId())
            .flatMap(instance -> instance.value(1, Boolean.class))
            .orElse(false);
  }
}
