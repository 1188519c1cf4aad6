// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
package org.segent;

import com.sun.jna.StringArray;
import java.nio.file.Path;
import java.util.List;
import org.segent.jna.LibSegent;

/** How a model is made of a file. */
public final class ModelOptions {
    private String prefix;
    private String settings;
    private String settingsFile;
    private String path;
    private List<String> classNames;
    private boolean examineOnly;
    private boolean auxiliary;
    private Precision precision = Precision.F32;
    Cancel cancel;

    /** Which network, where the file holds several: what stands before the names of its tensors. */
    public ModelOptions prefix(String prefix) {
        this.prefix = prefix;
        return this;
    }

    /** Settings that the file lacks or has wrong: "rates=6,12,18; size=512". */
    public ModelOptions settings(String settings) {
        this.settings = settings;
        return this;
    }

    /** A file of JSON that says the same; "" stands for none. */
    public ModelOptions settingsFile(String settingsFile) {
        this.settingsFile = settingsFile;
        return this;
    }

    /** The path beside which that file is looked for. */
    public ModelOptions path(Path path) {
        this.path = path.toString();
        return this;
    }

    public ModelOptions classNames(List<String> classNames) {
        this.classNames = List.copyOf(classNames);
        return this;
    }

    /** Names and shapes are checked, but no weights are read: the model cannot run. */
    public ModelOptions examineOnly(boolean examineOnly) {
        this.examineOnly = examineOnly;
        return this;
    }

    /** The auxiliary classifier is kept, too. */
    public ModelOptions auxiliary(boolean auxiliary) {
        this.auxiliary = auxiliary;
        return this;
    }

    /** Of the numbers that the network computes with, which its weights are packed for. */
    public ModelOptions precision(Precision precision) {
        this.precision = precision;
        return this;
    }

    /** Ends the loading from another thread. */
    public ModelOptions cancel(Cancel cancel) {
        this.cancel = cancel;
        return this;
    }

    LibSegent.segent_model_options inC() {
        LibSegent.segent_model_options made = new LibSegent.segent_model_options();
        made.prefix = prefix;
        made.settings = settings;
        made.settings_file = settingsFile;
        made.path = path;
        if (classNames != null) {
            made.class_names = new StringArray(classNames.toArray(new String[0]), "UTF-8");
            made.class_name_count = classNames.size();
        }
        made.examine_only = examineOnly ? 1 : 0;
        made.auxiliary = auxiliary ? 1 : 0;
        made.precision = precision.value;
        return made;
    }
}
