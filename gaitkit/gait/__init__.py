"""From walking space to events, strides, angles and the values of each stride."""
