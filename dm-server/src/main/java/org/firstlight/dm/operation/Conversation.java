package org.firstlight.dm.operation;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.leshan.core.node.codec.CodecException;
import org.eclipse.leshan.core.request.ContentFormat;
import org.firstlight.dm.operation.DeviceLink.Outcome;
import org.firstlight.dm.operation.OperationResult.Done;
import org.firstlight.dm.operation.OperationResult.Failed;
import org.firstlight.dm.presence.Contact;
import org.firstlight.dm.registration.ObjectLinks;
import org.firstlight.dm.transport.DmEndpoints;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;

/**
 * One operation in CoAP (LwM2M Core 1.1.1 §6.4, §6.5): request, answer, and what the answer means.
 */
public final class Conversation {
  private final DmEndpoints endpoints;
  private final DeviceLink link;
  private final DeviceModels models;
  private final DeviceValues values;
  private final Observations observations;

  public Conversation(
      DmEndpoints endpoints,
      DeviceLink link,
      DeviceModels models,
      DeviceValues values,
      Observations observations) {
    this.endpoints = endpoints;
    this.link = link;
    this.models = models;
    this.values = values;
    this.observations = observations;
  }

  /** Who is spoken with, how it speaks, and since when. */
  private record Device(
      Registration registration,
      Contact contact,
      ObjectLinks links,
      DeviceCodec codec,
      Instant asked) {
    List<ContentFormat> structured() {
      return Formats.structured(registration.lwM2mVersion(), links.contentFormats());
    }
  }

  CompletionStage<OperationResult> hold(
      Registration registration, Contact contact, Operation operation) {
    ObjectLinks links = ObjectLinks.ofStored(registration.objectLinks());
    Device device =
        new Device(
            registration,
            contact,
            links,
            new DeviceCodec(models.of(links.versions())),
            values.now());
    if (operation instanceof Operation.Read read) {
      return read(device, read.path());
    }
    if (operation instanceof Operation.Write write) {
      return write(device, write);
    }
    if (operation instanceof Operation.Execute execute) {
      return execute(device, execute);
    }
    if (operation instanceof Operation.Observe observe) {
      return observe(device, observe.path());
    }
    if (operation instanceof Operation.CancelObservation cancel) {
      return cancel(device, cancel.path());
    }
    return discover(device, operation.path());
  }

  private CompletionStage<OperationResult> read(Device device, LwM2mPath path) {
    return ask(device, path)
        .thenCompose(
            outcome -> concluded(outcome, false, response -> told(device, path, response)));
  }

  /** A GET in the device's best format; in whichever it likes if it has not that one (4.06). */
  private CompletionStage<Outcome> ask(Device device, LwM2mPath path) {
    Request request = request(Request.newGet(), device, path);
    request.getOptions().setAccept(device.structured().get(0).getCode());
    return link.send(request, device.contact())
        .thenCompose(
            outcome ->
                isCode(outcome, ResponseCode.NOT_ACCEPTABLE)
                    ? link.send(request(Request.newGet(), device, path), device.contact())
                    : CompletableFuture.completedStage(outcome));
  }

  private CompletionStage<OperationResult> told(Device device, LwM2mPath path, Response response) {
    Map<LwM2mPath, TypedValue> told;
    try {
      told = device.codec().decode(path, response);
    } catch (CodecException | IllegalArgumentException unreadable) {
      return failed(FailureCode.DEVICE_REJECTED, "the device's answer cannot be read as " + path);
    }
    return values
        .keepAnswer(device.registration().endpointName(), told, device.asked())
        .thenApply(DeviceValues.Told::hiding)
        .thenApply(hiding -> new Done(hiding.shown(), hiding.hidden(), "", code(response)));
  }

  /** Tries the formats that the device may know until it does not say 4.15. */
  private CompletionStage<OperationResult> write(Device device, Operation.Write write) {
    Operation.Write fitting = fit(device, write);
    TypedValue single = fitting.values().get(fitting.path());
    List<ContentFormat> formats =
        single == null
            ? device.structured()
            : Formats.forWrite(
                device.registration().lwM2mVersion(),
                device.links().contentFormats(),
                fitting.path(),
                single);
    return write(device, fitting, formats)
        .thenCompose(
            outcome ->
                concluded(
                    outcome,
                    false,
                    response ->
                        values
                            .keep(device.registration().endpointName(), write.values(), "write")
                            .thenApply(kept -> done(response))));
  }

  /** LwM2M 1.0 has no path of a Resource Instance: it is written as a part of its instance. */
  private static Operation.Write fit(Device device, Operation.Write write) {
    return write.path().isResourceInstance() && device.registration().lwM2mVersion().equals("1.0")
        ? new Operation.Write(
            LwM2mPath.of(write.path().objectId(), write.path().instanceId()), write.values())
        : write;
  }

  private CompletionStage<Outcome> write(
      Device device, Operation.Write write, List<ContentFormat> formats) {
    ContentFormat format = formats.get(0);
    boolean whole = write.values().containsKey(write.path());
    Request request = request(whole ? Request.newPut() : Request.newPost(), device, write.path());
    request.getOptions().setContentFormat(format.getCode());
    request.setPayload(device.codec().encode(write.path(), write.values(), format));
    return link.send(request, device.contact())
        .thenCompose(
            outcome ->
                isCode(outcome, ResponseCode.UNSUPPORTED_CONTENT_FORMAT) && formats.size() > 1
                    ? write(device, write, formats.subList(1, formats.size()))
                    : CompletableFuture.completedStage(outcome));
  }

  /** Sent once: who gets no answer does not know whether it was done. */
  private CompletionStage<OperationResult> execute(Device device, Operation.Execute execute) {
    Request request = request(Request.newPost(), device, execute.path());
    if (!execute.arguments().isEmpty()) {
      request.setPayload(execute.arguments());
      request.getOptions().setContentFormat(MediaTypeRegistry.TEXT_PLAIN);
    }
    return link.send(request, device.contact())
        .thenCompose(
            outcome ->
                concluded(
                    outcome, true, response -> CompletableFuture.completedStage(done(response))));
  }

  private CompletionStage<OperationResult> discover(Device device, LwM2mPath path) {
    Request request = request(Request.newGet(), device, path);
    request.getOptions().setAccept(MediaTypeRegistry.APPLICATION_LINK_FORMAT);
    return link.send(request, device.contact())
        .thenCompose(
            outcome ->
                concluded(
                    outcome,
                    false,
                    response ->
                        CompletableFuture.completedStage(
                            new Done(
                                Map.of(), Set.of(), response.getPayloadString(), code(response)))));
  }

  private CompletionStage<OperationResult> observe(Device device, LwM2mPath path) {
    Observations.Target target = target(device, path);
    Request request = request(Request.newGet(), device, path);
    request.setObserve();
    request.getOptions().setAccept(device.structured().get(0).getCode());
    request.setUserContext(ObservationContext.of(target));
    return link.send(request, device.contact())
        .thenCompose(
            outcome ->
                concluded(
                    outcome,
                    false,
                    response ->
                        response.getOptions().hasObserve()
                            ? observing(device, target, request.getToken(), response)
                            : failed(
                                FailureCode.DEVICE_REJECTED,
                                "the device answered, but does not observe " + path)));
  }

  private CompletionStage<OperationResult> observing(
      Device device, Observations.Target target, Token token, Response response) {
    return observations
        .began(target, token)
        .thenCompose(
            before -> {
              before.ifPresent(old -> endpoints.cancelObservation(old, device.contact().peer()));
              return told(device, target.path(), response);
            });
  }

  private CompletionStage<OperationResult> cancel(Device device, LwM2mPath path) {
    Observations.Target target = target(device, path);
    Optional<Token> token = observations.token(target);
    if (token.isEmpty()) {
      return observations.ended(target).thenApply(none -> new Done(Map.of(), Set.of(), "", "2.05"));
    }
    Request request = request(Request.newGet(), device, path);
    request.setObserveCancel();
    request.setToken(token.get());
    return link.send(request, device.contact())
        .thenCompose(
            outcome -> {
              endpoints.cancelObservation(token.get(), device.contact().peer());
              return observations
                  .ended(target)
                  .thenCompose(
                      none -> concluded(outcome, false, response -> told(device, path, response)));
            });
  }

  private static Observations.Target target(Device device, LwM2mPath path) {
    return new Observations.Target(
        device.registration().endpointName(), device.registration().account(), path);
  }

  private static Request request(Request request, Device device, LwM2mPath path) {
    for (String segment : (device.links().rootPath() + path).split("/")) {
      if (!segment.isEmpty()) {
        request.getOptions().addUriPath(segment);
      }
    }
    return request;
  }

  private static boolean isCode(Outcome outcome, ResponseCode code) {
    return outcome instanceof Outcome.Answered answered && answered.response().getCode() == code;
  }

  /**
   * @param once whether a lost answer leaves open what the device did
   * @param success what a response of class 2 means
   */
  private static CompletionStage<OperationResult> concluded(
      Outcome outcome, boolean once, Function<Response, CompletionStage<OperationResult>> success) {
    if (outcome instanceof Outcome.Answered answered) {
      Response response = answered.response();
      return response.isSuccess()
          ? success.apply(response)
          : failed(FailureCode.DEVICE_REJECTED, "the device answered " + code(response));
    }
    if (outcome instanceof Outcome.NotSent) {
      return failed(
          FailureCode.DEVICE_UNREACHABLE,
          "there is no connection to the device: at its next contact");
    }
    if (outcome instanceof Outcome.Reset) {
      return failed(FailureCode.DEVICE_UNREACHABLE, "the device does not take requests now");
    }
    return once
        ? failed(FailureCode.OUTCOME_UNKNOWN, "the answer was lost: the device may have done it")
        : failed(FailureCode.DEVICE_TIMEOUT, "the device did not answer in time");
  }

  private static OperationResult done(Response response) {
    return new Done(Map.of(), Set.of(), "", code(response));
  }

  private static String code(Response response) {
    return response.getCode().toString();
  }

  private static CompletionStage<OperationResult> failed(FailureCode code, String reason) {
    return CompletableFuture.completedStage(new Failed(Failure.of(code, reason)));
  }
}
