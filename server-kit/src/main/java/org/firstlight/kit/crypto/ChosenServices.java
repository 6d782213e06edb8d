package org.firstlight.kit.crypto;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Some services of another provider under a name of our own; the others stay the JDK's. */
final class ChosenServices extends Provider {
  static final String NAME = "FirstlightNative";

  private static final long serialVersionUID = 1L;

  ChosenServices(Provider from, Predicate<Service> which) {
    super(NAME, from.getVersionStr(), "elliptic curves by " + from.getName());
    from.getServices().stream().filter(which).forEach(service -> putService(new Lent(service)));
  }

  /** A service of the other provider's; its keys stay that provider's own. */
  private final class Lent extends Service {
    private final Service owner;

    Lent(Service owner) {
      super(
          ChosenServices.this,
          owner.getType(),
          owner.getAlgorithm(),
          owner.getClassName(),
          aliases(owner),
          attributes(owner));
      this.owner = owner;
    }

    @Override
    public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
      return owner.newInstance(parameter);
    }

    @Override
    public boolean supportsParameter(Object parameter) {
      return owner.supportsParameter(parameter);
    }
  }

  private static List<String> aliases(Service owner) {
    String prefix = "Alg.Alias." + owner.getType() + ".";
    List<String> aliases = new ArrayList<>();
    owner
        .getProvider()
        .forEach(
            (key, value) -> {
              if (String.valueOf(key).startsWith(prefix) && owner.getAlgorithm().equals(value)) {
                aliases.add(String.valueOf(key).substring(prefix.length()));
              }
            });
    return aliases;
  }

  private static Map<String, String> attributes(Service owner) {
    Map<String, String> attributes = new HashMap<>();
    for (String name : List.of("SupportedKeyClasses", "SupportedKeyFormats", "ImplementedIn")) {
      String value = owner.getAttribute(name);
      if (value != null) {
        attributes.put(name, value);
      }
    }
    return attributes;
  }
}
