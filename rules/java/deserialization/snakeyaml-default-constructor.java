package com.example.config;

import java.io.InputStream;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.Constructor;
import org.yaml.snakeyaml.constructor.SafeConstructor;

public class YamlImport {
    Map<String, Object> load(InputStream upload) {
        Yaml yaml = new Yaml();
        // ruleid: java.deserialization.snakeyaml-default-constructor
        return yaml.load(upload);
    }

    Object inline(String text) {
        // ruleid: java.deserialization.snakeyaml-default-constructor
        return new Yaml().load(text);
    }

    Settings typed(String text) {
        Yaml yaml = new Yaml(new Constructor(Settings.class, new LoaderOptions()));
        // ruleid: java.deserialization.snakeyaml-default-constructor
        return yaml.load(text);
    }

    Object safe(InputStream upload) {
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        // ok: java.deserialization.snakeyaml-default-constructor
        return yaml.load(upload);
    }

    String dump(Object value) {
        Yaml yaml = new Yaml();
        // ok: java.deserialization.snakeyaml-default-constructor
        return yaml.dump(value);
    }

    Object other(ClassLoader yaml, String name) {
        // ok: java.deserialization.snakeyaml-default-constructor
        return new Repository().load(name);
    }
}
