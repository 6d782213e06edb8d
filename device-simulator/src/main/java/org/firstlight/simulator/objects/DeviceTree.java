package org.firstlight.simulator.objects;

import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.eclipse.leshan.client.resource.LwM2mInstanceEnabler;
import org.eclipse.leshan.client.resource.LwM2mObjectTree;
import org.eclipse.leshan.client.resource.ObjectEnabler;
import org.eclipse.leshan.client.util.LinkFormatHelper;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.request.ContentFormat;
import org.firstlight.simulator.euicc.Euicc;

/** Builds a device's objects and gives typed access to the few that the engine acts on. */
public final class DeviceTree {
  public static final int SECURITY = 0;
  public static final int SERVER = 1;
  private static final int DEVICE = 3;
  private static final int CONNECTIVITY = 4;
  private static final int APP_DATA = 19;
  private static final int SIM = 505;

  private final Map<Integer, ObjectEnabler> enablers = new HashMap<>();
  private final Map<Integer, IntFunction<? extends StoredInstance>> factories = new HashMap<>();
  private final LwM2mObjectTree tree;
  private final DeviceInstance device;
  private final ConnectivityInstance connectivity;
  private final SimInstance sim;
  private final FactorySettings settings;

  /**
   * @param release version of LwM2M that the device speaks; picks the objects' versions
   * @param application takes the cloud credential from /19
   */
  public DeviceTree(
      LwM2mRelease release,
      DeviceDescription description,
      FactorySettings settings,
      Euicc euicc,
      DeviceActions actions,
      Consumer<byte[]> application,
      Clock clock) {
    this.settings = settings;
    Map<Integer, ObjectModel> models = release.models();
    device = new DeviceInstance(clock, actions);
    connectivity = new ConnectivityInstance();
    sim = new SimInstance(euicc, description.eid());
    FirmwareInstance firmware = new FirmwareInstance();
    AppDataInstance appData = new AppDataInstance(0, application);
    StoredInstance cellular = new StoredInstance(0);
    StoredInstance bearers = new StoredInstance(0);
    StoredInstance apn = new StoredInstance(0);

    object(models, SECURITY, StoredInstance::new);
    object(models, SERVER, id -> new ServerInstance(id, actions));
    object(models, DEVICE, id -> device, device);
    object(models, CONNECTIVITY, id -> connectivity, connectivity);
    object(models, 5, id -> firmware, firmware);
    object(models, 10, StoredInstance::new, cellular);
    object(models, 11, StoredInstance::new, apn);
    object(models, 13, StoredInstance::new, bearers);
    object(models, APP_DATA, id -> new AppDataInstance(id, application), appData);
    object(models, SIM, id -> sim, sim);

    device.equip(description);
    connectivity.equip();
    firmware.equip();
    appData.equip();
    sim.equip();
    CellularDefaults.equip(cellular, apn, bearers);
    tree = new LwM2mObjectTree(null, links(release), enablers.values());
    installFactoryAccount();
  }

  /** What the device left its factory with, whatever was written since. */
  public FactorySettings factory() {
    return settings;
  }

  /** Registers this object with the instances it has from the start. */
  private void object(
      Map<Integer, ObjectModel> models,
      int objectId,
      IntFunction<? extends StoredInstance> factory,
      StoredInstance... instances) {
    ObjectModel model = Optional.ofNullable(models.get(objectId)).orElseThrow();
    factories.put(objectId, factory);
    Map<Integer, LwM2mInstanceEnabler> there = new HashMap<>();
    for (StoredInstance instance : instances) {
      instance.setModel(model);
      there.put(instance.getId(), instance);
    }
    enablers.put(
        objectId,
        new ObjectEnabler(
            objectId,
            model,
            there,
            (m, id, used) -> {
              LwM2mInstanceEnabler made = factory.apply(id != null ? id : free(used));
              made.setModel(m);
              return made;
            },
            ContentFormat.DEFAULT));
  }

  private static int free(Collection<Integer> used) {
    int id = 0;
    while (used.contains(id)) {
      id++;
    }
    return id;
  }

  /** How the tree describes itself in Register and Discover. */
  public static LinkFormatHelper links(LwM2mRelease release) {
    return new DeviceLinks(release);
  }

  public LwM2mObjectTree leshan() {
    return tree;
  }

  public ObjectEnabler object(int objectId) {
    return Optional.ofNullable(enablers.get(objectId)).orElseThrow();
  }

  public Optional<ObjectEnabler> find(int objectId) {
    return Optional.ofNullable(enablers.get(objectId));
  }

  public Collection<ObjectEnabler> objects() {
    return List.copyOf(enablers.values());
  }

  public Optional<StoredInstance> instance(int objectId, int instanceId) {
    return find(objectId)
        .map(enabler -> enabler.getInstance(instanceId))
        .map(StoredInstance.class::cast);
  }

  /** An instance of this object with nothing in it, not yet in the tree. */
  public StoredInstance newInstance(int objectId, int instanceId) {
    StoredInstance instance = (StoredInstance) factories.get(objectId).apply(instanceId);
    instance.setModel(object(objectId).getObjectModel());
    return instance;
  }

  public SimInstance sim() {
    return sim;
  }

  /** A little time has passed. */
  public void tick(long count) {
    device.tick(count);
    connectivity.tick(count);
  }

  /** Forgets every account but the one for the bootstrap server. */
  public void forgetAccounts() {
    for (int objectId : new int[] {SECURITY, SERVER}) {
      ObjectEnabler object = object(objectId);
      object.getAvailableInstanceIds().forEach(object::removeInstance);
    }
    installFactoryAccount();
  }

  private void installFactoryAccount() {
    StoredInstance account = new StoredInstance(0);
    account.setModel(object(SECURITY).getObjectModel());
    settings.writeTo(account);
    object(SECURITY).addInstance(0, account);
  }
}
