package org.firstlight.dm.operation;

import java.util.Map;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;

/** What a device is asked to do (LwM2M Core 1.1.1 §6.4, §6.5). */
public sealed interface Operation {
  LwM2mPath path();

  /** As events, logs and the API spell it. */
  String word();

  /** Reads an Object, an Object Instance, a Resource or a Resource Instance. */
  record Read(LwM2mPath path) implements Operation {
    @Override
    public String word() {
      return "read";
    }
  }

  /**
   * Writes a Resource, a Resource Instance, or Resources of one Object Instance (a partial update).
   *
   * @param values by full path, each at or below {@code path}
   */
  record Write(LwM2mPath path, Map<LwM2mPath, TypedValue> values) implements Operation {
    public Write {
      values = Map.copyOf(values);
    }

    public static Write of(LwM2mPath path, TypedValue value) {
      return new Write(path, Map.of(path, value));
    }

    @Override
    public String word() {
      return "write";
    }
  }

  /**
   * @param arguments as LwM2M Core 1.1.1 §6.4.5 spells them, "0='a',1"; empty for none
   */
  record Execute(LwM2mPath path, String arguments) implements Operation {
    @Override
    public String word() {
      return "execute";
    }
  }

  record Observe(LwM2mPath path) implements Operation {
    @Override
    public String word() {
      return "observe";
    }
  }

  record CancelObservation(LwM2mPath path) implements Operation {
    @Override
    public String word() {
      return "cancel-observation";
    }
  }

  record Discover(LwM2mPath path) implements Operation {
    @Override
    public String word() {
      return "discover";
    }
  }
}
