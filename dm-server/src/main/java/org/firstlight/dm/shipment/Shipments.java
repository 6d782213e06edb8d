package org.firstlight.dm.shipment;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.audit.Audit;
import org.firstlight.dm.inventory.ShipmentSigners;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.shipment.ShipmentList;
import org.firstlight.fleet.shipment.ShipmentList.Progress;
import org.firstlight.fleet.shipment.ShipmentList.State;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.DetachedSignature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shipment lists, as their manufacturer and the platform operator bring and watch them. */
public final class Shipments implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Shipments.class);

  /** Bytes of all lists of a node that are not applied yet, and so of the longest. */
  static final long MOST_BYTES = 2L * 1024 * 1024 * 1024;

  /** How the audit calls that a list is at its end. */
  static final String END = "shipment.end";

  private static final long SPARE_BYTES = 512L * 1024 * 1024;
  private static final int MOST_OPEN = 16;

  private final BlockingState state;
  private final ListRecords lists;
  private final Spool spool;
  private final ListWorker worker;
  private final Clock clock;
  private final String node;
  private final Set<String> appending = ConcurrentHashMap.newKeySet();
  private final Object beginning = new Object();

  /**
   * @param folder for the lists' bytes and reports
   */
  public Shipments(FleetState records, Audit audit, Path folder, String node, Clock clock) {
    this.state = new BlockingState(records);
    this.lists = new ListRecords(state, audit, clock);
    this.spool = new Spool(folder);
    ListApplication application = new ListApplication(records, lists, spool, clock);
    this.worker = new ListWorker(lists, spool, application, node, clock);
    this.clock = clock;
    this.node = node;
  }

  /** Goes on with what an earlier process has left. */
  public void start() {
    worker.start();
  }

  /**
   * A list as it is announced.
   *
   * @param sha256 hex, of its bytes
   * @param signature base64 of the detached CMS signature in DER; only the platform operator may
   *     leave it out
   */
  public record Announcement(
      String manufacturer, long size, String sha256, Optional<String> signature) {}

  /**
   * Begins a list, or finds the one that has begun or is done already.
   *
   * @param from the address that the request came from
   */
  public Outcome<Stored<ShipmentList>> begin(Announcement told, Principal by, String from) {
    if (by.kind() == Tenant.Kind.MANUFACTURER && !by.tenant().equals(told.manufacturer())) {
      return refused(FailureCode.NOT_FOUND, "there is no such manufacturer");
    }
    Optional<Manufacturer> maker =
        state.find(Kinds.MANUFACTURER, told.manufacturer()).map(Stored::value);
    if (maker.isEmpty()) {
      return refused(FailureCode.NOT_FOUND, "there is no such manufacturer");
    }
    if (maker.get().state() != Manufacturer.State.ACTIVE) {
      return refused(
          FailureCode.CONFLICT,
          "manufacturer '%s' is %s".formatted(maker.get().id(), maker.get().state().word()));
    }
    if (told.size() < 1 || told.size() > MOST_BYTES) {
      return malformed("size: is 1 to %d bytes".formatted(MOST_BYTES));
    }
    if (!told.sha256().matches("[0-9a-f]{64}")) {
      return malformed("sha256: is not 64 lower-case hex digits");
    }
    if (told.signature().isEmpty() && !by.isAdministrator()) {
      return malformed("signature: is missing; only the platform operator may leave it out");
    }
    return signature(told).then(der -> begin(told, der, maker.get(), by, from));
  }

  private static Outcome<Optional<byte[]>> signature(Announcement told) {
    try {
      return Outcome.done(told.signature().map(Base64.getDecoder()::decode));
    } catch (IllegalArgumentException none) {
      return malformed("signature: is not base64");
    }
  }

  private Outcome<Stored<ShipmentList>> begin(
      Announcement told, Optional<byte[]> der, Manufacturer maker, Principal by, String from) {
    Instant now = clock.instant();
    Optional<DetachedSignature.Claim> claim =
        der.map(bytes -> DetachedSignature.read(bytes, ShipmentSigners.of(maker), now));
    Optional<String> fault = claim.flatMap(DetachedSignature.Claim::fault);
    if (fault.isPresent()) {
      return malformed("signature: " + fault.get());
    }
    String id = id(told);
    Optional<Stored<ShipmentList>> before = lists.find(id);
    if (before.filter(list -> list.value().state() == State.DELETED).isPresent()) {
      return refused(FailureCode.CONFLICT, "it is being deleted: begin again in a moment");
    }
    if (before.isPresent() && stays(before.get().value())) {
      return Outcome.done(before.get());
    }
    if (before.isPresent() && !before.get().value().node().equals(node)) {
      return elsewhere(before.get().value());
    }
    ShipmentList list =
        new ShipmentList(
            id,
            told.manufacturer(),
            told.size(),
            told.sha256(),
            der,
            claim.flatMap(DetachedSignature.Claim::signer).map(Certificates::sha256),
            node,
            new ShipmentList.Bringer(by.tenant(), by.kind().name(), by.tokenId(), from),
            State.RECEIVING,
            0,
            Progress.NONE,
            Optional.empty(),
            now,
            now);
    // one after the other: two that fit alone may not fit together
    synchronized (beginning) {
      return room(list)
          .<Outcome<Stored<ShipmentList>>>map(why -> refused(FailureCode.CONFLICT, why))
          .orElseGet(() -> store(list, before.map(Stored::version).orElse(0L)));
    }
  }

  /** What was refused or has failed may be brought again, perhaps better signed. */
  private static boolean stays(ShipmentList before) {
    return before.state() != State.REFUSED && before.state() != State.FAILED;
  }

  private static String id(Announcement told) {
    String text = told.manufacturer() + "\n" + told.size() + "\n" + told.sha256();
    return Certificates.hexSha256(text.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
  }

  private Optional<String> room(ShipmentList list) {
    List<ShipmentList> open =
        lists.all().stream()
            .map(Stored::value)
            .filter(one -> !one.state().ended() && !one.id().equals(list.id()))
            .toList();
    if (open.stream().filter(one -> one.manufacturer().equals(list.manufacturer())).count()
        >= MOST_OPEN) {
      return Optional.of("%d lists of this manufacturer are on their way".formatted(MOST_OPEN));
    }
    List<ShipmentList> here = open.stream().filter(one -> one.node().equals(node)).toList();
    long others = here.stream().mapToLong(ShipmentList::size).sum();
    long toCome = here.stream().mapToLong(one -> one.size() - one.received()).sum();
    if (others + list.size() > MOST_BYTES) {
      return Optional.of(
          "other lists wait here, %d bytes in all: %d are the most".formatted(others, MOST_BYTES));
    }
    try {
      return spool.free() < toCome + list.size() + SPARE_BYTES
          ? Optional.of("there is no room for it on this node's disk")
          : Optional.empty();
    } catch (IOException e) {
      LOG.error("the folder of shipment lists cannot be used", e);
      return Optional.of("this node cannot store lists; its log says why");
    }
  }

  private Outcome<Stored<ShipmentList>> store(ShipmentList list, long before) {
    if (!appending.add(list.id())) {
      return refused(FailureCode.CONFLICT, "somebody else brings this list just now");
    }
    try {
      Optional<Stored<ShipmentList>> begun = lists.begin(list, before);
      if (begun.isPresent()) {
        spool.begin(list);
        return Outcome.done(begun.get());
      }
      // the same list at the same moment: then it is there
      return lists
          .find(list.id())
          .<Outcome<Stored<ShipmentList>>>map(Outcome::done)
          .orElseGet(() -> refused(FailureCode.CONFLICT, "it was changed at the same moment"));
    } catch (IOException e) {
      LOG.error("a shipment list cannot be stored", e);
      return refused(FailureCode.CONFLICT, "this node cannot store lists; its log says why");
    } finally {
      appending.remove(list.id());
    }
  }

  /** Stores the bytes that follow those that are here; the last ones set the list going. */
  public Outcome<Stored<ShipmentList>> append(
      String id, long offset, InputStream piece, Principal by) {
    if (!appending.add(id)) {
      return refused(FailureCode.CONFLICT, "bytes of this list come from elsewhere just now");
    }
    try {
      return find(id, by).then(list -> append(list, offset, piece));
    } finally {
      appending.remove(id);
    }
  }

  private Outcome<Stored<ShipmentList>> append(
      Stored<ShipmentList> stored, long offset, InputStream piece) {
    ShipmentList list = stored.value();
    if (!list.node().equals(node)) {
      return elsewhere(list);
    }
    if (list.state() != State.RECEIVING) {
      return refused(FailureCode.CONFLICT, "all its bytes are here, it is " + list.state());
    }
    if (offset != list.received()) {
      return refused(FailureCode.CONFLICT, "offset: %d is wanted".formatted(list.received()));
    }
    try {
      Spool.Piece taken = spool.append(list, piece);
      Optional<Stored<ShipmentList>> now;
      try {
        now =
            taken.received() == list.received()
                ? Optional.of(stored)
                : lists.received(stored, taken.received());
      } finally {
        // it may be stored though its answer was lost
        worker.wake();
      }
      if (now.isEmpty()) {
        return refused(FailureCode.CONFLICT, "it was changed at the same moment");
      }
      if (taken.tooLong()) {
        return malformed("the list has more bytes than the %d of its size".formatted(list.size()));
      }
      return taken.cutOff() ? malformed("the body was cut off") : Outcome.done(now.get());
    } catch (IOException e) {
      LOG.error("a piece of shipment list {} cannot be stored", list.id(), e);
      return refused(FailureCode.CONFLICT, "this node cannot store it; its log says why");
    }
  }

  public Outcome<Stored<ShipmentList>> find(String id, Principal by) {
    return lists
        .find(id)
        .filter(list -> sees(by, list.value()))
        .filter(list -> list.value().state() != State.DELETED)
        .<Outcome<Stored<ShipmentList>>>map(Outcome::done)
        .orElseGet(() -> refused(FailureCode.NOT_FOUND, "there is no such shipment list"));
  }

  /** All that the principal sees, the newest first. */
  public List<Stored<ShipmentList>> list(Principal by) {
    return lists.all().stream()
        .filter(list -> sees(by, list.value()))
        .filter(list -> list.value().state() != State.DELETED)
        .sorted(
            Comparator.comparing((Stored<ShipmentList> list) -> list.value().createdAt())
                .reversed())
        .toList();
  }

  private static boolean sees(Principal by, ShipmentList list) {
    return by.isAdministrator()
        || by.kind() == Tenant.Kind.MANUFACTURER && by.tenant().equals(list.manufacturer());
  }

  /** Whether the report can be had here. */
  public Outcome<ShipmentList> reported(String id, Principal by) {
    return find(id, by)
        .map(Stored::value)
        .then(list -> list.node().equals(node) ? Outcome.done(list) : elsewhere(list));
  }

  /** Writes the refusals so far. */
  public void copyReport(ShipmentList list, OutputStream out) throws IOException {
    spool.copyReport(list, out);
  }

  /** Forgets a list; one that is being applied stops at its next some thousand lines. */
  public Outcome<Stored<ShipmentList>> delete(String id, Principal by) {
    return find(id, by)
        .then(
            list -> {
              if (!list.value().node().equals(node)) {
                return elsewhere(list.value());
              }
              boolean worked =
                  list.value().state() == State.VERIFYING || list.value().state() == State.APPLYING;
              boolean gone = worked ? lists.letGo(list) : worker.remove(list);
              worker.wake();
              return gone
                  ? Outcome.done(list)
                  : refused(FailureCode.CONFLICT, "it was changed at the same moment, try again");
            });
  }

  /** Forgets the old ones now, as the worker does every hour. */
  void clean() {
    worker.clean();
  }

  private static <T> Outcome<T> elsewhere(ShipmentList list) {
    return refused(FailureCode.CONFLICT, "node %s has this list: ask it".formatted(list.node()));
  }

  private static <T> Outcome<T> malformed(String why) {
    return refused(FailureCode.MALFORMED, why);
  }

  private static <T> Outcome<T> refused(FailureCode code, String why) {
    return Outcome.refused(code, why);
  }

  @Override
  public void close() {
    worker.close();
  }
}
